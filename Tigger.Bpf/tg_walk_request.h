/* SPDX-License-Identifier: MIT */
/* A client's messages: what they ask for, and which C# has to read. */
#ifndef TIGGER_TG_WALK_REQUEST_H
#define TIGGER_TG_WALK_REQUEST_H

enum tg_named {
	TG_UNNAMED = 0,
	/* The name begins with the second byte of the body. */
	TG_NAMED = 1,
	/* C# has to see it. */
	TG_NAMED_TO_USER = 2,
};

/* What the first two bytes of a body say of the prepared statement it names. */
static __always_inline enum tg_named tg_is_named(__u32 type, __u32 first, __u32 second)
{
	switch (type) {
	case 'P':
		return first ? TG_NAMED_TO_USER : TG_UNNAMED;
	case 'B':
		return first ? TG_NAMED_TO_USER : second ? TG_NAMED : TG_UNNAMED;
	case 'D':
		return first == 'S' && second ? TG_NAMED : TG_UNNAMED;
	default:
		return first == 'S' && second ? TG_NAMED_TO_USER : TG_UNNAMED;
	}
}

/* Whether a message could name one, and servers change. */
static __always_inline int tg_may_be_named(const struct tg_walk *walk)
{
	switch (walk->frame.type) {
	case 'P':
	case 'B':
	case 'D':
	case 'C':
		return walk->pool_flags & TG_RENAME;
	default:
		return 0;
	}
}

static __always_inline long tg_request_begins(struct tg_walk *walk)
{
	walk->last_type = walk->frame.type;
	switch (walk->frame.type) {
	case 'Q':
		if (walk->pool_flags & TG_NO_SIMPLE)
			return tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE);
		/* fallthrough */
	case 'F':
		/* After an error the server skips to the Sync, and such a message with the rest. */
		if (walk->open)
			return tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE);
		walk->owed++;
		walk->head_extended = 0;
		return 0;
	case 'S':
		walk->owed++;
		walk->head_extended = walk->open;
		walk->open = 0;
		return 0;
	case 'P':
	case 'B':
	case 'D':
	case 'C':
	case 'E':
		break;
	case 'H':
		return walk->frame.body_length ? tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE) : 0;
	case 'X':
		return tg_escape(walk, TG_COUNT_ESCAPE_TERMINATE);
	default:
		return tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE);
	}
	walk->open++;
	return 0;
}

/* Why a name cannot be changed: the client has none such, or the request too many. */
static __always_inline long tg_name_escape(struct tg_walk *walk)
{
	return tg_escape(walk, walk->naming.needs.count < TG_NEEDS ? TG_COUNT_ESCAPE_NAMED
								   : TG_COUNT_ESCAPE_STATEMENT);
}

/* Whether a name with its zero ends where it should. */
static __always_inline int tg_is_whole_name(const struct tg_walk *walk, __u32 length)
{
	return walk->frame.type == 'D' ? length + 1 == walk->frame.body_length
				       : length + 1 < walk->frame.body_length;
}

/* Gives a statement the name that it has at the servers. */
static __always_inline long tg_rename(struct tg_walk *walk, __u8 *at, const __u8 *end)
{
	struct tg_name *found;
	const __u8 *zero;
	__u32 length, i;

	found = tg_find_name(&walk->naming, at, &length);
	if (!found || !tg_is_whole_name(walk, length))
		return tg_name_escape(walk);
	zero = at + (length - 1);
	/* The verifier knows bytes by the pointer that was compared. */
	barrier_var(zero);
	/* Not there: a longer name that begins like this one. */
	if (zero + 1 > end || *zero)
		return tg_name_escape(walk);
	for (i = 0; i < TG_NAME - 1; i++) {
		if (i >= length - 1 || at + i + 1 > end)
			break;
		at[i] = found->name[i];
	}
	walk->naming.binds += walk->frame.type == 'B';
	return 0;
}

/* Cut names might be any. */
static __always_inline long tg_name_begins(struct tg_walk *walk, __u8 *data, const __u8 *end)
{
	__u32 offset = walk->offset;
	__u8 *body;

	if (offset > PG_FRAME_BPF_MAX_OFFSET)
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	body = data + offset;
	if (body + 2 > end)
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	switch (tg_is_named(walk->frame.type, body[0], body[1])) {
	case TG_UNNAMED:
		return 0;
	case TG_NAMED:
		return tg_rename(walk, body + 1, end);
	default:
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	}
}

enum tg_trace {
	TG_LOWER_CASE = 0x20,
	/* As much of a text as is looked at; SET is never shorter than SET a.b=1 and its zero. */
	TG_TEXT_LENGTH = 10,
	TG_TAG_LENGTH = 4,     /* as much of a command tag */
	TG_TAG_MOST = 40,      /* none of PostgreSQL's is longer */
	TG_SEVERITY_MOST = 64, /* bytes of an ErrorResponse before its SQLSTATE */
	TG_NAME_AT = 2,	       /* of the first column's name in RowDescription */
	/* As much of that message; none with a column is shorter. */
	TG_COLUMNS_LENGTH = 19,
};

/*
 * Whether a text is a SET that C# has to read. One that says LOCAL is for C# where the tag of a SET
 * in a transaction is.
 */
static __always_inline int tg_is_set(const struct tg_walk *walk, const __u8 *text)
{
	if ((text[0] | TG_LOWER_CASE) != 's' || (text[1] | TG_LOWER_CASE) != 'e' ||
	    (text[2] | TG_LOWER_CASE) != 't')
		return 0;
	return walk->pool_flags & TG_WATCH_DOUBTS || (text[4] | TG_LOWER_CASE) != 'l' ||
	       (text[5] | TG_LOWER_CASE) != 'o' || (text[6] | TG_LOWER_CASE) != 'c' ||
	       (text[7] | TG_LOWER_CASE) != 'a';
}

/* Whether it has a text that C# may have to read. */
static __always_inline int tg_may_be_set(const struct tg_walk *walk)
{
	__u32 is_parse = walk->frame.type == 'P';

	return walk->pool_flags & TG_WATCH && (walk->frame.type == 'Q' || is_parse) &&
	       walk->frame.body_length >= TG_TEXT_LENGTH + is_parse;
}

/* The text of a Query, or of a Parse without a name. A text that is cut might be any. */
static __always_inline long tg_text_begins(struct tg_walk *walk, const __u8 *data, const __u8 *end)
{
	__u32 offset = walk->offset;
	const __u8 *text;

	if (offset > PG_FRAME_BPF_MAX_OFFSET)
		return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	text = data + offset;
	if (walk->frame.type == 'P') {
		if (text + 1 > end)
			return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
		if (text[0])
			return 0;
		text++;
	}
	if (text + TG_TEXT_LENGTH > end)
		return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	return tg_is_set(walk, text) ? tg_escape(walk, TG_COUNT_ESCAPE_STATE) : 0;
}

/* What C# looks for in more than the header. */
static __always_inline long tg_request_body(struct tg_walk *walk, __u8 *data, const __u8 *end)
{
	if (tg_may_be_named(walk) && tg_name_begins(walk, data, end))
		return 1;
	return tg_may_be_set(walk) ? tg_text_begins(walk, data, end) : 0;
}

static long tg_request_step(__u32 index, struct tg_walker *walker)
{
	__u8 *data = walker->msg->data, *end = walker->msg->data_end;
	struct tg_walk *walk = walker->walk;

	(void)index;
	switch (pg_frame_next_until(&walk->frame, data, end, &walk->offset)) {
	case PG_FRAME_MESSAGE:
		if (tg_request_begins(walk))
			return 1;
		return tg_request_body(walk, data, end);
	case PG_FRAME_END:
		return 0;
	case PG_FRAME_NEED_MORE:
		return 1;
	default:
		return tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE);
	}
}

#endif
