-- The record: entries are added and never changed; the keys beside them can be destroyed, which is itself kept.
-- Texts are compared byte by byte (collate "C"), as SQLite does, so that every order is the same in both.

create table meta (
    name  text collate "C" not null primary key,
    value text collate "C" not null
);

create table entry (
    partnership  text collate "C" not null,
    position     bigint not null,
    stream       text collate "C" not null,
    number       bigint not null,
    kind         text collate "C" not null,
    kind_version bigint not null,
    recorded_at  text collate "C" not null,
    actor        text collate "C" not null,
    key_id       text collate "C" not null,
    nonce        bytea  not null,
    content_hash bytea  not null,
    previous     bytea  not null,
    hash         bytea  not null,
    sealed       bytea  not null,
    primary key (partnership, position),
    unique (partnership, stream, number),
    unique (key_id)
);

-- Refuses whatever it is put before, in the words given with the trigger.
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0];
end
$$;

create trigger entry_is_never_updated before update on entry
    for each row execute function refuse('an entry of the record is never changed');

create trigger entry_is_never_deleted before delete on entry
    for each row execute function refuse('an entry of the record is never deleted');

create trigger entry_is_never_emptied before truncate on entry
    for each statement execute function refuse('an entry of the record is never deleted');

-- The random key of each entry, sealed with its stream's key.
create table entry_key (
    key_id  text collate "C" not null primary key,
    wrapped bytea not null
);

-- That a key was destroyed, when, by whom and under which rule. Without such a row a key cannot be deleted.
create table destroyed_key (
    key_id       text collate "C" not null primary key,
    destroyed_at text collate "C" not null,
    actor        text collate "C" not null,
    rule         text collate "C" not null
);

create trigger entry_key_is_never_updated before update on entry_key
    for each row execute function refuse('the key of an entry is never changed');

create function refuse_unless_destroyed() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from destroyed_key where key_id = old.key_id) then
        raise exception 'the key of an entry is deleted only after its destruction is written down';
    end if;
    return old;
end
$$;

create trigger entry_key_is_deleted_only_when_destroyed before delete on entry_key
    for each row execute function refuse_unless_destroyed();

create trigger entry_key_is_never_emptied before truncate on entry_key
    for each statement execute function refuse('the key of an entry is deleted only after its destruction is written down');

create trigger destroyed_key_is_never_updated before update on destroyed_key
    for each row execute function refuse('a destruction is never changed');

create trigger destroyed_key_is_never_deleted before delete on destroyed_key
    for each row execute function refuse('a destruction is never deleted');

create trigger destroyed_key_is_never_emptied before truncate on destroyed_key
    for each statement execute function refuse('a destruction is never deleted');

-- The key of each stream (a case, for instance), sealed with the master key.
create table stream_key (
    partnership text collate "C" not null,
    stream      text collate "C" not null,
    key_id      text collate "C" not null,
    wrapped     bytea not null,
    primary key (partnership, stream)
);

-- How far each stream and the log have come, kept in the same transaction as the entries and checked against them.
create table stream_head (
    partnership   text collate "C" not null,
    stream        text collate "C" not null,
    entries       bigint not null,
    last_position bigint not null,
    primary key (partnership, stream)
);

create table log_head (
    partnership text collate "C" not null primary key,
    position    bigint not null,
    hash        bytea  not null
);
