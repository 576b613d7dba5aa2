-- The Merkle tree over the entries, the keys its heads are signed with, and the signed heads.

-- The growing edge, written in the same transaction as the entries.
create table tree_head (
    partnership text collate "C" not null primary key,
    size        bigint not null,
    frontier    bytea  not null
);

-- The hash of every complete subtree of 256 leaves, of 65,536, and so on, so that a proof need not begin at the leaves.
create table tree_node (
    partnership text collate "C" not null,
    level       bigint not null,
    place       bigint not null,
    hash        bytea  not null,
    primary key (partnership, level, place)
);

-- The keys the log signs with: the public half as it is handed out, the secret half sealed.
create table log_key (
    partnership text collate "C" not null,
    number      bigint not null,
    verifier    text collate "C" not null,
    key_id      text collate "C" not null,
    wrapped     bytea  not null,
    made_at     text collate "C" not null,
    primary key (partnership, number)
);

-- The signed heads that were given out.
create table checkpoint (
    partnership text collate "C" not null,
    size        bigint not null,
    note        text collate "C" not null,
    made_at     text collate "C" not null,
    why         text collate "C" not null,
    primary key (partnership, size)
);

create trigger tree_node_is_never_updated before update on tree_node
    for each row execute function refuse('a hash of the tree is never changed');

create trigger tree_node_is_never_deleted before delete on tree_node
    for each row execute function refuse('a hash of the tree is never deleted');

create trigger tree_node_is_never_emptied before truncate on tree_node
    for each statement execute function refuse('a hash of the tree is never deleted');

create trigger checkpoint_is_never_updated before update on checkpoint
    for each row execute function refuse('a checkpoint is never changed');

create trigger checkpoint_is_never_deleted before delete on checkpoint
    for each row execute function refuse('a checkpoint is never deleted');

create trigger checkpoint_is_never_emptied before truncate on checkpoint
    for each statement execute function refuse('a checkpoint is never deleted');

create trigger log_key_is_never_deleted before delete on log_key
    for each row execute function refuse('a key the log has signed with is never deleted');

create trigger log_key_is_never_emptied before truncate on log_key
    for each statement execute function refuse('a key the log has signed with is never deleted');
