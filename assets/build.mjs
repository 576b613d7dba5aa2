// Builds assets/dist from the packages: style, script, and the fonts of the pages. Nothing is fetched here or at run time.
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "node_modules");
const dist = join(here, "dist");
mkdirSync(join(dist, "fonts"), { recursive: true });

const css = sass.compile(join(here, "candour.scss"), { style: "compressed", quietDeps: true, silenceDeprecations: ["if-function"] });
for (const word of ["GDS Transport", "@font-face{font-family:\"GDS"]) {
  if (css.css.includes(word)) throw new Error(`the style must not use ${word}`);
}
writeFileSync(join(dist, "candour.css"), css.css);

await build({ entryPoints: [join(here, "candour.js")], outfile: join(dist, "candour.js"), bundle: true, minify: true, format: "esm", target: "es2020", legalComments: "none", logLevel: "warning" });

copyFileSync(join(here, "icon.svg"), join(dist, "icon.svg"));
const faces = join(packages, "@fontsource", "atkinson-hyperlegible-next", "files");
for (const weight of ["400", "700"]) {
  copyFileSync(join(faces, `atkinson-hyperlegible-next-latin-${weight}-normal.woff2`), join(dist, "fonts", `hyperlegible-${weight}.woff2`));
}
cpSync(join(packages, "@fontsource", "atkinson-hyperlegible-next", "LICENSE"), join(dist, "fonts", "LICENSE"));
