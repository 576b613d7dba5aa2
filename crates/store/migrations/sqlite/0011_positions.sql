-- The key of an entry lies under the entry's position, so that a commit writes at the ends of tables and not all over them;
-- the edge of the tree lies beside the head of the log; how far a stream has come is read from its entries.

create table entry_at (
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
    unique (partnership, stream, number)
);

insert into entry_at select * from entry order by partnership, position;

-- The random key of each entry, sealed with its stream's key.
create table entry_key_at (
    partnership text   not null,
    position    bigint not null,
    key_id      text   not null,
    wrapped     blob   not null,
    primary key (partnership, position)
) without rowid;

insert into entry_key_at
    select e.partnership, e.position, k.key_id, k.wrapped
    from entry e join entry_key k on k.key_id = e.key_id
    order by e.partnership, e.position;

drop table entry_key;

drop table entry;

alter table entry_at rename to entry;

alter table entry_key_at rename to entry_key;

create trigger entry_is_never_updated before update on entry
begin
    select raise(abort, 'an entry of the record is never changed');
end;

create trigger entry_is_never_deleted before delete on entry
begin
    select raise(abort, 'an entry of the record is never deleted');
end;

create trigger entry_key_is_never_updated before update on entry_key
begin
    select raise(abort, 'the key of an entry is never changed');
end;

create trigger entry_key_is_deleted_only_when_destroyed before delete on entry_key
when not exists (select 1 from destroyed_key where key_id = old.key_id)
begin
    select raise(abort, 'the key of an entry is deleted only after its destruction is written down');
end;

alter table log_head add column edge blob;

update log_head set edge = (select frontier from tree_head where tree_head.partnership = log_head.partnership);

drop table tree_head;

drop table stream_head;
