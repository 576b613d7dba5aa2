-- Whom an organisation's provider of sign-in knows by which name, once they have signed on; an address alone is nobody's account.
create table sign_on (
    issuer       text not null,
    subject      text not null,
    account      text not null,
    organisation text not null,
    linked_at    text not null,
    primary key (issuer, subject)
);

create index sign_on_by_account on sign_on (account);
