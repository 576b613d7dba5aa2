-- Invitations that wait: no part of the record, which says who invited whom, until when, and that it was accepted or withdrawn.

-- One for each person who has no account yet, under the hash of the secret in its link; a newer one takes the place of the older.
create table invitation (
    person     text not null primary key,
    invitation text not null,
    token_hash blob not null unique,
    ends_at    text not null
);
