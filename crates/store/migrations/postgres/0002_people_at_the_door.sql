-- Sign-in, drafts and forms: what is not part of the record.

create table account (
    id            text collate "C" not null primary key,
    email         text collate "C" not null unique,
    password_hash text collate "C" not null,
    person        text collate "C" not null,
    disabled      bigint not null,
    failed        bigint not null,
    locked_until  text collate "C"
);

create table session (
    id_hash            bytea  not null primary key,
    account            text collate "C" not null references account (id),
    created            text collate "C" not null,
    last_seen          text collate "C" not null,
    reauthenticated_at text collate "C",
    csrf_secret        bytea  not null,
    notice             bytea,
    names_shown        bigint not null,
    ended              text collate "C"
);

create index session_by_account on session (account);

-- Sealed with the master key. The slot is `own` for what a person typed, something else for a draft handed over by `handed_from`.
create table draft (
    id          text collate "C" not null primary key,
    person      text collate "C" not null,
    page        text collate "C" not null,
    slot        text collate "C" not null,
    handed_from text collate "C",
    based_on    bigint,
    sealed      bytea not null,
    saved_at    text collate "C" not null,
    unique (person, page, slot)
);

-- A form that was sent once. `result` is where it led; empty while it is being carried out.
create table used_form (
    token_hash bytea not null primary key,
    claimed_at text collate "C" not null,
    result     text collate "C"
);
