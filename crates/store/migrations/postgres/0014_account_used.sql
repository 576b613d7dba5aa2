-- When each account was last signed in with, so that one that nobody uses can be locked; the record says that it was.
create table account_used (
    account text collate "C" not null primary key,
    used_at text collate "C" not null
);
