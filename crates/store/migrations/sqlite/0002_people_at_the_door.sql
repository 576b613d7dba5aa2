-- Sign-in, drafts and forms: what is not part of the record.

create table account (
    id            text   not null primary key,
    email         text   not null unique,
    password_hash text   not null,
    person        text   not null,
    disabled      bigint not null,
    failed        bigint not null,
    locked_until  text
);

create table session (
    id_hash            blob   not null primary key,
    account            text   not null references account (id),
    created            text   not null,
    last_seen          text   not null,
    reauthenticated_at text,
    csrf_secret        blob   not null,
    notice             blob,
    names_shown        bigint not null,
    ended              text
);

create index session_by_account on session (account);

-- Sealed with the master key. The slot is `own` for what a person typed, something else for a draft handed over by `handed_from`.
create table draft (
    id          text not null primary key,
    person      text not null,
    page        text not null,
    slot        text not null,
    handed_from text,
    based_on    bigint,
    sealed      blob not null,
    saved_at    text not null,
    unique (person, page, slot)
);

-- A form that was sent once. `result` is where it led; empty while it is being carried out.
create table used_form (
    token_hash blob not null primary key,
    claimed_at text not null,
    result     text
);
