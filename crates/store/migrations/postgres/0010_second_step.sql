-- The second step of signing in, and attempts that failed: no part of the record, which says who set a step up or had it taken off.

-- The secret of the app on someone's telephone, sealed. `last_step` is the newest code that was used, so that each works once.
create table second_step (
    account      text collate "C" not null primary key references account (id),
    sealed       bytea   not null,
    begun_at     text collate "C" not null,
    confirmed_at text collate "C",
    last_step    bigint not null
);

-- Codes on paper for whoever has lost the app; only their hashes, each used once.
create table recovery_code (
    account text collate "C" not null references account (id),
    hash    bytea not null,
    used_at text collate "C",
    primary key (account, hash)
);

-- Someone whose password was right and whose code is awaited.
create table half_signed_in (
    id_hash bytea   not null primary key,
    account text collate "C" not null references account (id),
    begun   text collate "C" not null,
    tries   bigint not null
);

-- Failures by what is counted: an address from a network, a network, an address. Only hashes, so that no address stands here.
create table attempt (
    counted   bytea   not null primary key,
    failed    bigint not null,
    first_at  text collate "C" not null,
    until     text collate "C",
    succeeded text collate "C"
);
