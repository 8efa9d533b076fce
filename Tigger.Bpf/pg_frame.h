/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL message framing: walks type and length byte-exactly, however the
 * stream is cut. Compiles for BPF and for the host and needs no other header.
 * Its twin is Tigger.Proxy/Protocol/MessageFramer.cs: a change here is a change
 * there, and FramerTwinTests compares the two.
 *
 * Source: PostgreSQL documentation, "Frontend/Backend Protocol", section
 * "Messaging Overview".
 */
#ifndef TIGGER_PG_FRAME_H
#define TIGGER_PG_FRAME_H

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

/* The same as in vmlinux.h and linux/types.h, which may be included or not. */
typedef unsigned char __u8;
typedef unsigned int __u32;

enum pg_frame_limit {
	PG_FRAME_HEADER_SIZE = 5,
	PG_FRAME_LENGTH_SIZE = 4,
	PG_FRAME_MAX_LENGTH = 0x7fffffff,
	/* Verifier: an offset into a packet must stay provably below 0xffff. */
	PG_FRAME_BPF_MAX_OFFSET = 0xf000,
};

/* The values are those of enum FrameEvent in FrameEvent.cs. */
enum pg_frame_event {
	/* The data is used up. */
	PG_FRAME_NEED_MORE = 0,
	/* A header is complete (its five bytes are consumed), the body follows. */
	PG_FRAME_MESSAGE = 1,
	/* The body is complete; comes for empty bodies as well. */
	PG_FRAME_END = 2,
	/* Length below 4 or above the limit; final. */
	PG_FRAME_INVALID = 3,
};

/* All zero is a framer at a message boundary. */
struct pg_frame {
	__u32 remaining;      /* body bytes still to come */
	__u32 body_length;    /* declared; the length field less 4 */
	__u32 partial_length; /* length bytes seen while the header is cut */
	__u32 max_length;     /* largest length field, 0: PG_FRAME_MAX_LENGTH */
	__u8 header_bytes;    /* 0 at a boundary, 1-4 in a header, 5 in a body */
	__u8 type;
	__u8 first_body_byte; /* valid at the end of a body that is not empty */
	__u8 invalid;
};

static __always_inline enum pg_frame_event pg_frame_begin(struct pg_frame *f, __u32 length)
{
	__u32 max = f->max_length ? f->max_length : PG_FRAME_MAX_LENGTH;

	f->header_bytes = PG_FRAME_HEADER_SIZE;
	f->first_body_byte = 0;
	if (length < PG_FRAME_LENGTH_SIZE || length > max) {
		f->invalid = 1;
		f->body_length = 0;
		f->remaining = 0;
		return PG_FRAME_INVALID;
	}
	f->body_length = length - PG_FRAME_LENGTH_SIZE;
	f->remaining = f->body_length;
	return PG_FRAME_MESSAGE;
}

static __always_inline enum pg_frame_event pg_frame_body(struct pg_frame *f, const __u8 *at,
							 const __u8 *data_end, __u32 *offset)
{
	__u32 available, taken;

	if (f->invalid)
		return PG_FRAME_INVALID;
	if (f->remaining) {
		if (at + 1 > data_end)
			return PG_FRAME_NEED_MORE;
		if (f->remaining == f->body_length)
			f->first_body_byte = at[0];
		available = (__u32)(data_end - at);
		taken = f->remaining < available ? f->remaining : available;
		*offset += taken;
		f->remaining -= taken;
		if (f->remaining)
			return PG_FRAME_NEED_MORE;
	}
	f->header_bytes = 0;
	return PG_FRAME_END;
}

static __always_inline enum pg_frame_event
pg_frame_split_header(struct pg_frame *f, const __u8 *at, const __u8 *data_end, __u32 *offset)
{
	__u32 i;

	for (i = 0; i < PG_FRAME_HEADER_SIZE; i++) {
		if (at + i + 1 > data_end)
			break;
		if (!f->header_bytes) {
			f->type = at[i];
			f->partial_length = 0;
		} else {
			f->partial_length = f->partial_length << 8 | at[i];
		}
		*offset += 1;
		if (++f->header_bytes == PG_FRAME_HEADER_SIZE)
			return pg_frame_begin(f, f->partial_length);
	}
	return PG_FRAME_NEED_MORE;
}

/*
 * Advances from *offset to the next event and returns it; *offset moves past
 * what was consumed. One event per call: BPF callers loop with bpf_loop.
 * Takes the end as a pointer because the verifier proves packet accesses only
 * against data_end. In BPF an offset above PG_FRAME_BPF_MAX_OFFSET is answered
 * with PG_FRAME_NEED_MORE, so a window is at most that long.
 */
static __always_inline enum pg_frame_event pg_frame_next_until(struct pg_frame *f, const __u8 *data,
							       const __u8 *data_end, __u32 *offset)
{
	__u32 from = *offset;
	const __u8 *at;

#ifdef __bpf__
	if (from > PG_FRAME_BPF_MAX_OFFSET)
		return PG_FRAME_NEED_MORE;
#endif
	at = data + from;
	if (f->header_bytes == PG_FRAME_HEADER_SIZE)
		return pg_frame_body(f, at, data_end, offset);
	if (f->header_bytes || at + PG_FRAME_HEADER_SIZE > data_end)
		return pg_frame_split_header(f, at, data_end, offset);
	f->type = at[0];
	*offset = from + PG_FRAME_HEADER_SIZE;
	return pg_frame_begin(f,
			      (__u32)at[1] << 24 | (__u32)at[2] << 16 | (__u32)at[3] << 8 | at[4]);
}

/* The same for memory whose length is known rather than its end. */
static __always_inline enum pg_frame_event pg_frame_next(struct pg_frame *f, const __u8 *data,
							 __u32 len, __u32 *offset)
{
	return pg_frame_next_until(f, data, data + len, offset);
}

#endif
