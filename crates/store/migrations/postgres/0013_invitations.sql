-- Invitations that wait: no part of the record, which says who invited whom, until when, and that it was accepted or withdrawn.

-- One for each person who has no account yet, under the hash of the secret in its link; a newer one takes the place of the older.
create table invitation (
    person     text collate "C" not null primary key,
    invitation text collate "C" not null,
    token_hash bytea not null unique,
    ends_at    text collate "C" not null
);

-- When each account was last signed in with, so that one that nobody uses can be locked; the record says that it was.
create table account_used (
    account text collate "C" not null primary key,
    used_at text collate "C" not null
);
