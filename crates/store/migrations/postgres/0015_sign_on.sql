-- Whom an organisation's provider of sign-in knows by which name, once they have signed on; an address alone is nobody's account.
create table sign_on (
    issuer       text collate "C" not null,
    subject      text collate "C" not null,
    account      text collate "C" not null,
    organisation text collate "C" not null,
    linked_at    text collate "C" not null,
    primary key (issuer, subject)
);

create index sign_on_by_account on sign_on (account);
