-- Accounts whose password and codes another partnership of the same program keeps: the person has one account and several partnerships.
create table account_home (
    account      text collate "C" not null primary key,
    partnership  text collate "C" not null,
    home_account text collate "C" not null,
    since        text collate "C" not null
);

create index account_home_by_home on account_home (partnership, home_account);
