-- The files of cases. The bytes lie sealed on the shelf, under the file's id; here stands whose they are and what they were when they were put there.
-- A row is written together with the entry that speaks of the file, and stays even when the file's key is destroyed.

create table file (
    id          text   not null primary key,
    partnership text   not null,
    stream      text   not null,
    size        bigint not null,
    sealed_size bigint not null,
    sealed_hash blob   not null,
    position    bigint not null
);

create index file_by_stream on file (partnership, stream);

create trigger file_is_never_updated before update on file
begin
    select raise(abort, 'what is known of a file is never changed');
end;

create trigger file_is_never_deleted before delete on file
begin
    select raise(abort, 'what is known of a file is never deleted');
end;

-- The random key of each file, sealed with its stream's key.
create table file_key (
    id      text not null primary key references file (id),
    wrapped blob not null
);

create trigger file_key_is_never_updated before update on file_key
begin
    select raise(abort, 'the key of a file is never changed');
end;

create trigger file_key_is_deleted_only_when_destroyed before delete on file_key
when not exists (select 1 from destroyed_key where key_id = old.id)
begin
    select raise(abort, 'the key of a file is deleted only after its destruction is written down');
end;
