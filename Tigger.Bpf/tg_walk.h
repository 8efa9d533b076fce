/* SPDX-License-Identifier: MIT */
/*
 * Walks every message of one send, in all its elements, with a copy of the stream's position:
 * whoever calls decides afterwards whether the send is taken, and only then the new position
 * counts.
 */
#ifndef TIGGER_TG_WALK_H
#define TIGGER_TG_WALK_H

enum tg_walk_limit {
	TG_WINDOW = 32768, /* bytes walked at once; a multiple of the page size below
			      PG_FRAME_BPF_MAX_OFFSET */
	TG_TURNS = 64,	   /* windows and elements of one send: up to 17 elements, most of 32 KiB */
	TG_STEPS = 14336,  /* two events for each message of a window, and one more */
	TG_ELEMENTS = 18,
	TG_ERRORS = 4, /* in one send that the kernel counts */
};

/*
 * Where a walk is and what it has found. In the socket's storage, not on the stack: the verifier
 * follows every value of a stack through every turn of a loop. The kernel runs one program at a
 * time for a socket.
 */
struct tg_walk {
	struct pg_frame frame;
	__u32 offset;
	__u32 escape; /* reason why the send is not for the kernel, a TG_COUNT_ESCAPE_; 0: it is */
	__u32 pool_flags;
	__u32 is_server;
	__u32 copied; /* replies: the client's transactions are mirrored, and C# has to see errors
		       */
	__u32 owed;   /* requests: ReadyForQuery messages they ask for */
	__u32 open;   /* extended query messages since the last Sync, earlier sends included */
	__u32 head_extended; /* of those, before the last Sync */
	__u32 ready;	     /* replies: ReadyForQuery messages */
	__u32 idle_ready;    /* of those, outside a transaction */
	__u32 status;	     /* of the last */
	__u32 last_type;
	__u32 done;	/* bytes of the send walked */
	__u32 known;	/* bytes in the elements looked at */
	__u32 element;	/* the next one to look at */
	__u32 answered; /* replies: completions of extended query messages since the last
			   ReadyForQuery */
	__u32 errors;	/* replies: ErrorResponse messages */
	__u32 error_classes[TG_ERRORS]; /* of those */
	__u64 rows;   /* replies to a client that is copied: by the command tags */
	__u64 number; /* at the end of a tag, as far as read */
	struct tg_naming naming;
};

/* Socket storage. */
struct tg_socket {
	struct tg_end end;
	struct tg_walk walk;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tg_socket);
} ends SEC(".maps");

/* The same of sockets in `remotes`, whose programs have no socket storage; by socket cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 2 * (TG_CLIENTS + TG_SERVERS));
	__type(key, __u64);
	__type(value, struct tg_socket);
} remote_ends SEC(".maps");

struct tg_walker {
	struct sk_msg_md *msg;
	struct tg_walk *walk;
};

static __always_inline long tg_escape(struct tg_walk *walk, __u32 reason)
{
	walk->escape = reason;
	return 1;
}

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

static __always_inline void tg_walk_window(struct tg_walker *walker)
{
	walker->walk->offset = 0;
	if (walker->walk->is_server)
		bpf_loop(TG_STEPS, tg_reply_step, walker, 0);
	else
		bpf_loop(TG_STEPS, tg_request_step, walker, 0);
}

/* Bytes in an element of the message; a variable offset into a kernel struct can only be read this
 * way. */
static __always_inline __u32 tg_element(struct sk_msg *kernel_msg, __u32 index)
{
	char *lengths = (char *)&kernel_msg->sg.data[0].length;
	__u32 length = 0;

	bpf_probe_read_kernel(&length, sizeof(length),
			      lengths + (__u64)index * bpf_core_type_size(struct scatterlist));
	return length;
}

/* The next element or window of a send. A loop's callback, so that the verifier looks at it once.
 */
static long tg_walk_turn(__u32 index, struct tg_walker *walker)
{
	struct tg_walk *walk = walker->walk;
	__u32 window;

	(void)index;
	if (walk->done >= walk->known) {
		if (walk->element >= TG_ELEMENTS)
			return 1;
		walk->known += tg_element(bpf_cast_to_kern_ctx(walker->msg), walk->element++);
		return 0;
	}
	window = walk->known - walk->done;
	if (window > TG_WINDOW)
		window = TG_WINDOW;
	if (bpf_msg_pull_data(walker->msg, walk->done, walk->done + window, 0))
		return 1;
	tg_walk_window(walker);
	walk->done += window;
	return walk->escape || walk->done >= walker->msg->size;
}

/* The caller has set where the walk begins. */
static __noinline int tg_walk_message(struct sk_msg_md *msg, struct tg_walk *walk)
{
	struct tg_walker walker = {.msg = msg, .walk = walk};
	struct sk_msg *kernel_msg = bpf_cast_to_kern_ctx(msg);
	__u32 size = msg->size, first;

	first = (__u32)((long)msg->data_end - (long)msg->data);
	if (first == size && first <= TG_WINDOW) {
		tg_walk_window(&walker);
		return 0;
	}
	/* A fresh message begins with its first element; any other would have to be walked in a
	 * circle. */
	if (!kernel_msg->sg.start)
		bpf_loop(TG_TURNS, tg_walk_turn, &walker, 0);
	if (walk->done != size && !walk->escape)
		tg_escape(walk, TG_COUNT_FRAME_FAILED);
	return 0;
}

#endif
