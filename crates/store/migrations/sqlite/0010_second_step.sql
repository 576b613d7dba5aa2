-- The second step of signing in, and attempts that failed: no part of the record, which says who set a step up or had it taken off.

-- The secret of the app on someone's telephone, sealed. `last_step` is the newest code that was used, so that each works once.
create table second_step (
    account      text   not null primary key references account (id),
    sealed       blob   not null,
    begun_at     text   not null,
    confirmed_at text,
    last_step    bigint not null
);

-- Codes on paper for whoever has lost the app; only their hashes, each used once.
create table recovery_code (
    account text not null references account (id),
    hash    blob not null,
    used_at text,
    primary key (account, hash)
);

-- Someone whose password was right and whose code is awaited.
create table half_signed_in (
    id_hash blob   not null primary key,
    account text   not null references account (id),
    begun   text   not null,
    tries   bigint not null
);

-- Failures by what is counted: an address from a network, a network, an address. Only hashes, so that no address stands here.
create table attempt (
    counted   blob   not null primary key,
    failed    bigint not null,
    first_at  text   not null,
    until     text,
    succeeded text
);
