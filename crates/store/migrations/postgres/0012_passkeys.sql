-- Passkeys: no part of the record, which says who added one or took one away.

-- A passkey of an account, under the hash of its id. Its public key, how often it was used and its name are sealed.
create table passkey (
    credential bytea not null primary key,
    account    text collate "C" not null references account (id),
    sealed     bytea not null,
    made_at    text collate "C" not null,
    used_at    text collate "C"
);

-- What a browser was asked to prove, until it answers: each once, and only for a few minutes. No account while nobody knows whose.
create table passkey_asked (
    id_hash bytea not null primary key,
    account text collate "C" references account (id),
    purpose text collate "C" not null,
    sealed  bytea not null,
    begun   text collate "C" not null
);
