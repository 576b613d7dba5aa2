-- What the register keeps of a stream, sealed, so that opening need not read the whole record; it can be made again at any time.
create table summary (
    partnership text collate "C" not null,
    stream      text collate "C" not null,
    entries     bigint not null,
    sealed      bytea  not null,
    primary key (partnership, stream)
);
