-- The Merkle tree over the entries, the keys its heads are signed with, and the signed heads.

-- The growing edge, written in the same transaction as the entries.
create table tree_head (
    partnership text   not null primary key,
    size        bigint not null,
    frontier    blob   not null
);

-- The hash of every complete subtree of 256 leaves, of 65,536, and so on, so that a proof need not begin at the leaves.
create table tree_node (
    partnership text   not null,
    level       bigint not null,
    place       bigint not null,
    hash        blob   not null,
    primary key (partnership, level, place)
);

-- The keys the log signs with: the public half as it is handed out, the secret half sealed.
create table log_key (
    partnership text   not null,
    number      bigint not null,
    verifier    text   not null,
    key_id      text   not null,
    wrapped     blob   not null,
    made_at     text   not null,
    primary key (partnership, number)
);

-- The signed heads that were given out.
create table checkpoint (
    partnership text   not null,
    size        bigint not null,
    note        text   not null,
    made_at     text   not null,
    why         text   not null,
    primary key (partnership, size)
);

create trigger tree_node_is_never_updated before update on tree_node
begin
    select raise(abort, 'a hash of the tree is never changed');
end;

create trigger tree_node_is_never_deleted before delete on tree_node
begin
    select raise(abort, 'a hash of the tree is never deleted');
end;

create trigger checkpoint_is_never_updated before update on checkpoint
begin
    select raise(abort, 'a checkpoint is never changed');
end;

create trigger checkpoint_is_never_deleted before delete on checkpoint
begin
    select raise(abort, 'a checkpoint is never deleted');
end;

create trigger log_key_is_never_deleted before delete on log_key
begin
    select raise(abort, 'a key the log has signed with is never deleted');
end;
