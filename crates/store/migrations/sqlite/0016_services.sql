-- The tokens with which other systems ask; only a hash of each, so that the database opens nothing.
create table service_token (
    token_hash blob not null primary key,
    service    text not null,
    called     text not null,
    made_at    text not null,
    ends_at    text,
    used_at    text
);

create index service_token_by_service on service_token (service);
