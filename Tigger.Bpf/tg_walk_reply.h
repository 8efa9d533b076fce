/* SPDX-License-Identifier: MIT */
/* A server's messages: what they answer, and which C# has to read. */
#ifndef TIGGER_TG_WALK_REPLY_H
#define TIGGER_TG_WALK_REPLY_H

static __always_inline long tg_reply_begins(struct tg_walk *walk)
{
	walk->last_type = walk->frame.type;
	switch (walk->frame.type) {
	case 'Z':
		return walk->frame.body_length == 1 ? 0 : tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
	case 'E':
		/* C# prepares anew what the server has lost or what has changed. */
		if (walk->naming.needs.count)
			return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
		return walk->copied ? tg_escape(walk, TG_COUNT_ESCAPE_MIRROR) : 0;
	case '1':
	case '2':
	case '3':
	case 'C':
	case 'I':
	case 'T':
	case 'n':
	case 's':
		walk->answered++;
		/* fallthrough */
	case 'A':
	case 'D':
	case 'H':
	case 'N':
	case 'V':
	case 'c':
	case 'd':
	case 't':
		return 0;
	default:
		/* ParameterStatus, COPY IN, and what no server says at this point. */
		return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
	}
}

static __always_inline __u32 tg_word(char a, char b, char c, char d)
{
	return (__u32)a << 24 | (__u32)b << 16 | (__u32)c << 8 | (__u32)d;
}

/*
 * Whether a command tag says that the session may not be as it was. Twin of TraceTags.cs, which
 * reads all of the tag: this may say yes too often.
 */
static __always_inline int tg_is_trace(const struct tg_walk *walk, __u32 previous, const __u8 *tag)
{
	__u32 doubts = walk->pool_flags & TG_WATCH_DOUBTS;
	__u32 word = tg_word(tag[0], tag[1], tag[2], tag[3]);

	if (word == tg_word('S', 'E', 'T', 0))
		return doubts || walk->status != 'T';
	if (word == tg_word('P', 'R', 'E', 'P') || word == tg_word('L', 'I', 'S', 'T') ||
	    word == tg_word('D', 'I', 'S', 'C'))
		return 1;
	if (word == tg_word('D', 'E', 'C', 'L') || word == tg_word('C', 'R', 'E', 'A'))
		return doubts;
	/* CREATE TABLE AS and SELECT INTO. */
	return doubts && word == tg_word('S', 'E', 'L', 'E') && previous != 'D' && previous != 'T';
}

/* Whether it is pg_advisory_lock or one like it, but not pg_advisory_xact_lock. */
static __always_inline int tg_is_lock(const __u8 *name)
{
	__u32 first = tg_word(name[0], name[1], name[2], name[3]);
	__u32 second = tg_word(name[4], name[5], name[6], name[7]);

	if (first == tg_word('p', 'g', '_', 'a') && second == tg_word('d', 'v', 'i', 's'))
		return name[12] == 'l';
	return first == tg_word('p', 'g', '_', 't') && second == tg_word('r', 'y', '_', 'a') &&
	       name[16] == 'l';
}

/* The same of the first column's name, which is that of the function called. */
static __always_inline int tg_is_call(const struct tg_walk *walk, const __u8 *body)
{
	const __u8 *name = body + TG_NAME_AT;

	if (tg_is_lock(name))
		return 1;
	return walk->pool_flags & TG_WATCH_DOUBTS &&
	       tg_word(name[0], name[1], name[2], name[3]) == tg_word('s', 'e', 't', '_') &&
	       tg_word(name[4], name[5], name[6], name[7]) == tg_word('c', 'o', 'n', 'f');
}

/* What C# looks for in more than the header. A body that is cut might be any. */
static __always_inline long tg_reply_body(struct tg_walk *walk, __u32 previous, const __u8 *data,
					  const __u8 *end)
{
	__u32 offset = walk->offset, length = walk->frame.body_length;
	const __u8 *body;

	if (walk->frame.type == 'C' ? length < TG_TAG_LENGTH : length < TG_COLUMNS_LENGTH)
		return 0;
	if (offset > PG_FRAME_BPF_MAX_OFFSET)
		return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	body = data + offset;
	if (walk->frame.type == 'C') {
		if (body + TG_TAG_LENGTH > end || tg_is_trace(walk, previous, body))
			return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	} else if (body + TG_COLUMNS_LENGTH > end || tg_is_call(walk, body)) {
		return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	}
	return 0;
}

/*
 * Whether a command may have ended the server's prepared statements: DISCARD ALL and DEALLOCATE
 * ALL, by the length of the tag and the letter in which it is not DELETE.
 */
static __always_inline int tg_ends_statements(const struct tg_walk *walk, const __u8 *data,
					      const __u8 *end)
{
	__u32 offset = walk->offset, length = walk->frame.body_length;
	const __u8 *tag;

	if (walk->frame.type != 'C' || !(walk->pool_flags & TG_RENAME))
		return 0;
	if (length != sizeof("DISCARD ALL") && length != sizeof("DEALLOCATE ALL"))
		return 0;
	if (offset > PG_FRAME_BPF_MAX_OFFSET)
		return 1;
	tag = data + offset;
	/* A cut tag might be any. */
	if (tag + 3 > end)
		return 1;
	return tag[0] == 'D' && (tag[1] == 'I' || tag[2] == 'A');
}

/* One byte of a command tag. What is cut is C#'s. */
static long tg_tag_step(__u32 index, struct tg_walker *walker)
{
	const __u8 *data = walker->msg->data, *end = walker->msg->data_end;
	struct tg_walk *walk = walker->walk;
	__u32 offset = walk->offset + index, digit;

	if (offset > PG_FRAME_BPF_MAX_OFFSET || data + offset + 1 > end)
		return tg_escape(walk, TG_COUNT_ESCAPE_MIRROR);
	if (!data[offset])
		return 1;
	digit = (__u32)data[offset] - '0';
	walk->number = digit < 10 ? 10 * walk->number + digit : 0;
	return 0;
}

/* The number at the end of a command tag, which is that of rows: twin of CommandTag.cs. */
static __always_inline long tg_reply_rows(struct tg_walker *walker)
{
	struct tg_walk *walk = walker->walk;

	walk->number = 0;
	bpf_loop(TG_TAG_MOST, tg_tag_step, walker, 0);
	walk->rows += walk->number;
	return walk->escape != 0;
}

static __always_inline __u32 tg_error_digit(__u8 of)
{
	return of >= '0' && of <= '9' ? of - '0' : of >= 'A' && of <= 'Z' ? of - 'A' + 10 : 36;
}

/* The number of a class of SQLSTATE: twin of ErrorCounters.cs. */
static __always_inline __u32 tg_error_class(__u8 first, __u8 second)
{
	__u32 high = tg_error_digit(first), low = tg_error_digit(second);

	return high < 36 && low < 36 ? 36 * high + low : TG_ERROR_CLASSES - 1;
}

/* Whether the SQLSTATE begins here. What is cut, and more errors than there is room for, C# counts.
 */
static long tg_error_step(__u32 index, struct tg_walker *walker)
{
	const __u8 *data = walker->msg->data, *end = walker->msg->data_end;
	struct tg_walk *walk = walker->walk;
	__u32 offset = walk->offset + index, number = walk->errors;
	const __u8 *field;

	if (offset > PG_FRAME_BPF_MAX_OFFSET || number >= TG_ERRORS)
		return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
	field = data + offset;
	/* The verifier knows bytes by the pointer that was compared. */
	barrier_var(field);
	if (field + 4 > end)
		return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
	if (index < TG_SEVERITY_MOST && (field[0] || field[1] != 'C'))
		return 0;
	walk->error_classes[number] = index < TG_SEVERITY_MOST ? tg_error_class(field[2], field[3])
							       : TG_ERROR_CLASSES - 1;
	walk->errors++;
	return 1;
}

/*
 * Notes an ErrorResponse, to be counted when the send is taken. Its first fields are two of the
 * severity, which have no zero inside, and then the SQLSTATE.
 */
static __always_inline long tg_reply_error(struct tg_walker *walker)
{
	bpf_loop(TG_SEVERITY_MOST + 1, tg_error_step, walker, 0);
	return walker->walk->escape != 0;
}

static long tg_reply_step(__u32 index, struct tg_walker *walker)
{
	const __u8 *data = walker->msg->data, *end = walker->msg->data_end;
	struct tg_walk *walk = walker->walk;
	__u32 previous = walk->last_type;

	(void)index;
	switch (pg_frame_next_until(&walk->frame, data, end, &walk->offset)) {
	case PG_FRAME_MESSAGE:
		if (tg_ends_statements(walk, data, end))
			return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
		if (tg_reply_begins(walk))
			return 1;
		if (walk->copied && walk->frame.type == 'C' && tg_reply_rows(walker))
			return 1;
		if (walk->frame.type == 'E')
			return tg_reply_error(walker);
		if (walk->pool_flags & TG_WATCH &&
		    (walk->frame.type == 'C' || walk->frame.type == 'T'))
			return tg_reply_body(walk, previous, data, end);
		return 0;
	case PG_FRAME_END:
		if (walk->frame.type == 'Z') {
			walk->ready++;
			walk->answered = 0;
			walk->status = walk->frame.first_body_byte;
			walk->idle_ready += walk->status == 'I';
		}
		return 0;
	case PG_FRAME_NEED_MORE:
		return 1;
	default:
		return tg_escape(walk, TG_COUNT_ESCAPE_REPLY);
	}
}

#endif
