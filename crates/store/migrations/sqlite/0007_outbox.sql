-- Mails that wait or were sent: no part of the record. What a mail says and to whom is sealed; its id comes from the checkpoint and the address.
create table outbox (
    partnership text   not null,
    id          text   not null,
    size        bigint not null,
    sealed      blob   not null,
    queued_at   text   not null,
    tries       bigint not null,
    next_at     text   not null,
    problem     text   not null,
    sent_at     text,
    primary key (partnership, id)
);
