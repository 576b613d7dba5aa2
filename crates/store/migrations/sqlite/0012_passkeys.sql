-- Passkeys: no part of the record, which says who added one or took one away.

-- A passkey of an account, under the hash of its id. Its public key, how often it was used and its name are sealed.
create table passkey (
    credential blob not null primary key,
    account    text not null references account (id),
    sealed     blob not null,
    made_at    text not null,
    used_at    text
);

-- What a browser was asked to prove, until it answers: each once, and only for a few minutes. No account while nobody knows whose.
create table passkey_asked (
    id_hash blob not null primary key,
    account text references account (id),
    purpose text not null,
    sealed  blob not null,
    begun   text not null
);
