-- Mails that wait or were sent: no part of the record. What a mail says and to whom is sealed; its id comes from the checkpoint and the address.
create table outbox (
    partnership text collate "C" not null,
    id          text collate "C" not null,
    size        bigint not null,
    sealed      bytea  not null,
    queued_at   text collate "C" not null,
    tries       bigint not null,
    next_at     text collate "C" not null,
    problem     text collate "C" not null,
    sent_at     text collate "C",
    primary key (partnership, id)
);
