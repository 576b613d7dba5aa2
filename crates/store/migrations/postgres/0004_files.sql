-- The files of cases. The bytes lie sealed on the shelf, under the file's id; here stands whose they are and what they were when they were put there.
-- A row is written together with the entry that speaks of the file, and stays even when the file's key is destroyed.

create table file (
    id          text collate "C" not null primary key,
    partnership text collate "C" not null,
    stream      text collate "C" not null,
    size        bigint not null,
    sealed_size bigint not null,
    sealed_hash bytea  not null,
    position    bigint not null
);

create index file_by_stream on file (partnership, stream);

create trigger file_is_never_updated before update on file
    for each row execute function refuse('what is known of a file is never changed');

create trigger file_is_never_deleted before delete on file
    for each row execute function refuse('what is known of a file is never deleted');

create trigger file_is_never_emptied before truncate on file
    for each statement execute function refuse('what is known of a file is never deleted');

-- The random key of each file, sealed with its stream's key.
create table file_key (
    id      text collate "C" not null primary key references file (id),
    wrapped bytea not null
);

create trigger file_key_is_never_updated before update on file_key
    for each row execute function refuse('the key of a file is never changed');

create function refuse_unless_file_destroyed() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from destroyed_key where key_id = old.id) then
        raise exception 'the key of a file is deleted only after its destruction is written down';
    end if;
    return old;
end
$$;

create trigger file_key_is_deleted_only_when_destroyed before delete on file_key
    for each row execute function refuse_unless_file_destroyed();

create trigger file_key_is_never_emptied before truncate on file_key
    for each statement execute function refuse('the key of a file is deleted only after its destruction is written down');
