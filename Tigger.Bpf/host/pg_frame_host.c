/* SPDX-License-Identifier: MIT */
/* Exports pg_frame.h to Tigger.Tests/Kernel/FramerTwinTests.cs. */
#include "../pg_frame.h"

#define EXPORT __attribute__((visibility("default")))

/* Mirrored by FrameRecord in Tigger.Tests/Kernel/PgFrameLibrary.cs. */
struct tigger_frame_record {
	__u32 event;
	__u32 offset; /* after the event */
	__u32 body_length;
	__u8 type;
	__u8 first_body_byte;
	__u8 padding[2];
};

EXPORT __u32 tigger_frame_size(void)
{
	return sizeof(struct pg_frame);
}

EXPORT int tigger_frame_next(struct pg_frame *f, const __u8 *data, __u32 len, __u32 *offset)
{
	return pg_frame_next(f, data, len, offset);
}

/*
 * Walks a whole buffer up to and including the first NEED_MORE or INVALID and
 * returns the number of records, at most capacity.
 */
EXPORT __u32 tigger_frame_walk(struct pg_frame *f, const __u8 *data, __u32 len,
			       struct tigger_frame_record *records, __u32 capacity)
{
	__u32 offset = 0, count = 0;

	while (count < capacity) {
		struct tigger_frame_record *r = &records[count++];

		r->event = pg_frame_next(f, data, len, &offset);
		r->offset = offset;
		r->body_length = f->body_length;
		r->type = f->type;
		r->first_body_byte = f->first_body_byte;
		if (r->event == PG_FRAME_NEED_MORE || r->event == PG_FRAME_INVALID)
			break;
	}
	return count;
}
