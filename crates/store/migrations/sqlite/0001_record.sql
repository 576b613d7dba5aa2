-- The record: entries are added and never changed; the keys beside them can be destroyed, which is itself kept.

create table meta (
    name  text not null primary key,
    value text not null
);

create table entry (
    partnership  text    not null,
    position     bigint  not null,
    stream       text    not null,
    number       bigint  not null,
    kind         text    not null,
    kind_version bigint  not null,
    recorded_at  text    not null,
    actor        text    not null,
    key_id       text    not null,
    nonce        blob    not null,
    content_hash blob    not null,
    previous     blob    not null,
    hash         blob    not null,
    sealed       blob    not null,
    primary key (partnership, position),
    unique (partnership, stream, number),
    unique (key_id)
);

create trigger entry_is_never_updated before update on entry
begin
    select raise(abort, 'an entry of the record is never changed');
end;

create trigger entry_is_never_deleted before delete on entry
begin
    select raise(abort, 'an entry of the record is never deleted');
end;

-- The random key of each entry, sealed with its stream's key.
create table entry_key (
    key_id  text not null primary key,
    wrapped blob not null
);

-- That a key was destroyed, when, by whom and under which rule. Without such a row a key cannot be deleted.
create table destroyed_key (
    key_id       text not null primary key,
    destroyed_at text not null,
    actor        text not null,
    rule         text not null
);

create trigger entry_key_is_never_updated before update on entry_key
begin
    select raise(abort, 'the key of an entry is never changed');
end;

create trigger entry_key_is_deleted_only_when_destroyed before delete on entry_key
when not exists (select 1 from destroyed_key where key_id = old.key_id)
begin
    select raise(abort, 'the key of an entry is deleted only after its destruction is written down');
end;

create trigger destroyed_key_is_never_updated before update on destroyed_key
begin
    select raise(abort, 'a destruction is never changed');
end;

create trigger destroyed_key_is_never_deleted before delete on destroyed_key
begin
    select raise(abort, 'a destruction is never deleted');
end;

-- The key of each stream (a case, for instance), sealed with the master key.
create table stream_key (
    partnership text not null,
    stream      text not null,
    key_id      text not null,
    wrapped     blob not null,
    primary key (partnership, stream)
);

-- How far each stream and the log have come, kept in the same transaction as the entries and checked against them.
create table stream_head (
    partnership   text   not null,
    stream        text   not null,
    entries       bigint not null,
    last_position bigint not null,
    primary key (partnership, stream)
);

create table log_head (
    partnership text   not null primary key,
    position    bigint not null,
    hash        blob   not null
);
