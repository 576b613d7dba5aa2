-- When each account was last signed in with, so that one that nobody uses can be locked; the record says that it was.
create table account_used (
    account text not null primary key,
    used_at text not null
);
