-- The key of an entry lies under the entry's position, so that a commit writes at the ends of tables and not all over them;
-- the edge of the tree lies beside the head of the log; how far a stream has come is read from its entries.

alter table entry drop constraint entry_key_id_key;

-- The random key of each entry, sealed with its stream's key.
create table entry_key_at (
    partnership text collate "C" not null,
    position    bigint not null,
    key_id      text collate "C" not null,
    wrapped     bytea  not null
);

insert into entry_key_at
    select e.partnership, e.position, k.key_id, k.wrapped
    from entry e join entry_key k on k.key_id = e.key_id
    order by e.partnership, e.position;

drop table entry_key;

alter table entry_key_at rename to entry_key;

alter table entry_key add primary key (partnership, position);

create trigger entry_key_is_never_updated before update on entry_key
    for each row execute function refuse('the key of an entry is never changed');

create trigger entry_key_is_deleted_only_when_destroyed before delete on entry_key
    for each row execute function refuse_unless_destroyed();

create trigger entry_key_is_never_emptied before truncate on entry_key
    for each statement execute function refuse('the key of an entry is deleted only after its destruction is written down');

alter table log_head add column edge bytea;

update log_head set edge = (select frontier from tree_head where tree_head.partnership = log_head.partnership);

drop table tree_head;

drop table stream_head;
