-- The partnership's key, wrapped by the master key; the keys of streams are wrapped by it.
-- A master key is changed by wrapping this one row again. There is no row until a folder of before is opened.
create table partnership_key (
    partnership text not null primary key,
    key_id      text not null,
    wrapped     blob not null,
    made_at     text not null,
    wrapped_at  text not null
);
