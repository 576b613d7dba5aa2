-- The tokens with which other systems ask; only a hash of each, so that the database opens nothing.
create table service_token (
    token_hash bytea not null primary key,
    service    text collate "C" not null,
    called     text collate "C" not null,
    made_at    text collate "C" not null,
    ends_at    text collate "C",
    used_at    text collate "C"
);

create index service_token_by_service on service_token (service);
