/* SPDX-License-Identifier: MIT */
/*
 * Mirroring. A client whose transactions C# also sends elsewhere (TG_COPIED) has each of its sends
 * copied to a ring buffer while it goes to its server, and behind the last reply of a transaction a
 * record says so. The order of a client's records is that of its transactions. Their numbers are
 * given under the pool's lock. The records of an end, and of a request that is going to wait, are
 * reserved before that lock is taken, because what follows can happen as soon as it is released.
 * That of another request is reserved after: nobody has it before the program is through. A number
 * that does not come is a record for which the ring had no room.
 *
 * What mirrors answer is walked and thrown away at our end of their connections.
 */
#ifndef TIGGER_TG_MIRROR_H
#define TIGGER_TG_MIRROR_H

enum tg_mirror_limit {
	/* Bytes of an ErrorResponse in which its SQLSTATE is looked for; none of PostgreSQL's is
	 * shorter. */
	TG_ERROR_LENGTH = 48,
	TG_ANSWER_STEPS = 65536, /* two for each message of a segment, more for a cut header */
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 * 1024 * 1024);
} copies SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tg_copying);
} copying SEC(".maps");

/* Whether a send can be copied: whole messages, not too many bytes. The walk is done. */
static __always_inline __u32 tg_copy_refusal(const struct tg_client *client,
					     const struct tg_walk *walk, __u32 size)
{
	if (!(client->flags & TG_COPIED) || walk->escape)
		return walk->escape;
	return client->remaining || walk->frame.header_bytes || size > TG_COPY_MOST
		       ? TG_COUNT_ESCAPE_MIRROR
		       : 0;
}

/* Lock held. */
static __always_inline __u32 tg_copy_next(struct tg_client *client)
{
	return client->flags & TG_COPIED ? ++client->copied : 0;
}

/* C# reads without being woken, unless it has said that it sleeps. */
static __always_inline void tg_copy_submit(struct tg_copy *copy)
{
	__u32 first = 0;
	struct tg_copying *state = bpf_map_lookup_elem(&copying, &first);
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (state && state->asleep && __sync_lock_test_and_set(&state->asleep, 0))
		flags = BPF_RB_FORCE_WAKEUP;
	bpf_ringbuf_submit(copy, flags);
}

static __always_inline void tg_copy_head(struct tg_copy *copy, __u32 kind, __u32 slot,
					 const struct tg_client *client, __u32 sequence, __u64 now)
{
	copy->kind = kind;
	copy->slot = slot;
	copy->generation = client->generation;
	copy->sequence = sequence;
	copy->ended = client->ended;
	copy->length = 0;
	copy->time = now;
	copy->busy = 0;
	copy->rows = 0;
	copy->replied = 0;
	copy->server = 0;
	copy->server_generation = 0;
}

static __always_inline void tg_copy_missed(struct tg_client *client, __u32 sequence)
{
	client->missed = sequence;
	tg_count(TG_COUNT_COPY_MISSED);
}

struct tg_copier {
	struct tg_client *client;
	__u32 slot;
	__u32 sequence;
	__u32 size;
	__u64 now;
};

/* A request's record; `most` is a constant, which the verifier wants. */
static __always_inline void tg_copy_of(void *ctx, int is_segment, const struct tg_copier *by,
				       const __u32 most)
{
	struct tg_copy *copy = bpf_ringbuf_reserve(&copies, sizeof(*copy) + most, 0);
	__u32 size = by->size;
	long fault = -1;

	if (!copy)
		return tg_copy_missed(by->client, by->sequence);
	if (size && size <= most)
		fault = is_segment ? bpf_skb_load_bytes(ctx, 0, copy->data, size)
				   : bpf_probe_read_kernel(copy->data, size,
							   ((struct sk_msg_md *)ctx)->data);
	tg_copy_head(copy, fault ? TG_COPY_LOST : TG_COPY_REQUEST, by->slot, by->client,
		     by->sequence, by->now);
	copy->length = fault ? 0 : size;
	tg_copy_submit(copy);
}

static __always_inline void tg_copy_request(void *ctx, int is_segment, const struct tg_copier *by)
{
	if (by->size <= 128)
		tg_copy_of(ctx, is_segment, by, 128);
	else if (by->size <= 512)
		tg_copy_of(ctx, is_segment, by, 512);
	else if (by->size <= 1024)
		tg_copy_of(ctx, is_segment, by, 1024);
	else
		tg_copy_of(ctx, is_segment, by, TG_COPY_MOST);
}

/* Of a send, before it goes to the server. The walk has put the servers' names of statements in:
 * C# knows them. */
static __noinline int tg_copy_message(struct sk_msg_md *msg, const struct tg_copier *by)
{
	if ((__u32)((long)msg->data_end - (long)msg->data) < by->size &&
	    bpf_msg_pull_data(msg, 0, by->size, 0))
		tg_copy_missed(by->client, by->sequence);
	else
		tg_copy_request(msg, 0, by);
	return 0;
}

/* The same of a segment. */
static __noinline int tg_copy_segment(struct __sk_buff *skb, const struct tg_copier *by)
{
	tg_copy_request(skb, 1, by);
	return 0;
}

/* `most` is a constant, which the verifier wants. */
static __always_inline struct tg_copy *tg_copy_of_block(const struct tg_block *from, __u32 size,
							const __u32 most)
{
	struct tg_copy *copy = bpf_ringbuf_reserve(&copies, sizeof(*copy) + most, 0);

	if (copy && size <= most)
		bpf_probe_read_kernel(copy->data, size, from->data);
	return copy;
}

/* Room for a request that is going to wait, which is in its block, and may be read there. */
static __always_inline struct tg_copy *tg_copy_begin_wait(const struct tg_client *client,
							  __u32 block, __u32 size)
{
	__u32 number = block - 1;
	struct tg_block *from = bpf_map_lookup_elem(&blocks, &number);

	if (!(client->flags & TG_COPIED) || !from || !size || size > TG_BLOCK)
		return NULL;
	return size <= 128 ? tg_copy_of_block(from, size, 128)
			   : tg_copy_of_block(from, size, TG_BLOCK);
}

/* Sequence 0: it neither waits nor has a server. */
static __always_inline void tg_copy_end_wait(struct tg_copy *copy, const struct tg_copier *by)
{
	if (!copy) {
		if (by->sequence)
			tg_copy_missed(by->client, by->sequence);
	} else if (!by->sequence) {
		bpf_ringbuf_discard(copy, BPF_RB_NO_WAKEUP);
	} else {
		tg_copy_head(copy, TG_COPY_REQUEST, by->slot, by->client, by->sequence, by->now);
		copy->length = by->size;
		tg_copy_submit(copy);
	}
}

/* A record without bytes. */
static __noinline int tg_copy_note(const struct tg_copier *by, __u32 kind)
{
	struct tg_copy *copy = bpf_ringbuf_reserve(&copies, sizeof(*copy), 0);

	if (!copy) {
		tg_copy_missed(by->client, by->sequence);
		return 0;
	}
	tg_copy_head(copy, kind, by->slot, by->client, by->sequence, by->now);
	tg_copy_submit(copy);
	return 0;
}

/* Room for the record of a transaction's end; NULL if there is none to be, or no room. */
static __always_inline struct tg_copy *tg_copy_begin_end(const struct tg_client *client,
							 const struct tg_walk *walk)
{
	if (!(client->flags & TG_COPIED) || !walk->ready || walk->status != 'I')
		return NULL;
	return bpf_ringbuf_reserve(&copies, sizeof(struct tg_copy), 0);
}

/* What the record of an end tells. */
struct tg_copy_sum {
	__u32 sequence; /* 0: it was not the end */
	__u32 server;
	__u32 server_generation;
	__u32 padding;
	__u64 busy;
	__u64 rows;
	__u64 replied;
};

static __always_inline void tg_copy_end(struct tg_copy *copy, struct tg_client *client, __u32 slot,
					const struct tg_copy_sum *sum, __u64 now)
{
	__u32 sequence = sum->sequence;

	if (!copy) {
		if (sequence)
			tg_copy_missed(client, sequence);
	} else if (!sequence) {
		bpf_ringbuf_discard(copy, BPF_RB_NO_WAKEUP);
	} else {
		tg_copy_head(copy, TG_COPY_END, slot, client, sequence, now);
		copy->busy = sum->busy;
		copy->rows = sum->rows;
		copy->replied = sum->replied;
		copy->server = sum->server;
		copy->server_generation = sum->server_generation;
		tg_copy_submit(copy);
	}
}

/* C#'s ends of its connections to mirrors; a verdict sees what arrives there. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 2 * TG_MIRRORS);
	__type(key, __u64);
	__type(value, __u64);
} mirror_sockets SEC(".maps");

/* Which they are, by socket cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * TG_MIRRORS);
	__type(key, __u64);
	__type(value, __u32);
} mirror_ends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tg_mirrors);
} mirrors SEC(".maps");

/* What is left of a walk is in the mirror's slot. */
struct tg_answer {
	struct __sk_buff *skb;
	struct tg_mirror *mirror;
	__u32 done;
	__u32 leaves; /* something in this segment has to be read by C# */
};

/*
 * The SQLSTATE of an ErrorResponse: its first fields are two of the severity, which have no zero
 * inside, and then this one. None if that is cut.
 */
static __always_inline void tg_answer_error(const struct tg_answer *answer)
{
	struct tg_mirror *mirror = answer->mirror;
	__u32 left = answer->skb->len - answer->done, i;
	__u8 fields[TG_ERROR_LENGTH];

	mirror->failed = 1;
	if (left < TG_ERROR_LENGTH || mirror->frame.body_length < TG_ERROR_LENGTH ||
	    bpf_skb_load_bytes(answer->skb, answer->done, fields, sizeof(fields)))
		return;
	for (i = 0; i < TG_ERROR_LENGTH - 7; i++) {
		if (!fields[i] && fields[i + 1] == 'C') {
			mirror->code[0] = fields[i + 2];
			mirror->code[1] = fields[i + 3];
			mirror->code[2] = fields[i + 4];
			mirror->code[3] = fields[i + 5];
			mirror->code[4] = fields[i + 6];
			return;
		}
	}
}

/*
 * What C# has to know of: ParameterStatus, the end of prepared statements, and what a client leaves
 * in the session for certain. What is cut might be any.
 */
static __always_inline int tg_answer_is_news(const struct tg_answer *answer)
{
	const struct pg_frame *frame = &answer->mirror->frame;
	__u8 body[TG_COLUMNS_LENGTH];
	__u32 word;

	if (frame->type == 'T' && frame->body_length >= TG_COLUMNS_LENGTH)
		return bpf_skb_load_bytes(answer->skb, answer->done, body, TG_COLUMNS_LENGTH) ||
		       tg_is_lock(body + TG_NAME_AT);
	if (frame->type != 'C' || frame->body_length < TG_TAG_LENGTH)
		return frame->type == 'S';
	if (bpf_skb_load_bytes(answer->skb, answer->done, body, TG_TAG_LENGTH))
		return 1;
	word = tg_word(body[0], body[1], body[2], body[3]);
	return word == tg_word('S', 'E', 'T', 0) || word == tg_word('P', 'R', 'E', 'P') ||
	       word == tg_word('L', 'I', 'S', 'T') || word == tg_word('D', 'I', 'S', 'C') ||
	       word == tg_word('D', 'E', 'A', 'L');
}

static __always_inline long tg_answer_header(struct tg_answer *answer)
{
	struct pg_frame *frame = &answer->mirror->frame;
	__u8 at[PG_FRAME_HEADER_SIZE];

	if (!frame->header_bytes &&
	    !bpf_skb_load_bytes(answer->skb, answer->done, at, sizeof(at))) {
		answer->done += PG_FRAME_HEADER_SIZE;
		frame->type = at[0];
		frame->partial_length =
			(__u32)at[1] << 24 | (__u32)at[2] << 16 | (__u32)at[3] << 8 | at[4];
		frame->header_bytes = PG_FRAME_HEADER_SIZE;
	} else if (bpf_skb_load_bytes(answer->skb, answer->done, at, 1)) {
		return 1;
	} else {
		answer->done++;
		if (!frame->header_bytes++)
			frame->type = at[0];
		else
			frame->partial_length = frame->partial_length << 8 | at[0];
	}
	if (frame->header_bytes < PG_FRAME_HEADER_SIZE)
		return 0;
	if (pg_frame_begin(frame, frame->partial_length) != PG_FRAME_MESSAGE ||
	    (frame->type == 'Z' && frame->body_length != 1))
		answer->mirror->broken = 1;
	else if (tg_answer_is_news(answer))
		answer->leaves = 1;
	if (!frame->remaining)
		frame->header_bytes = 0;
	return answer->mirror->broken || answer->leaves;
}

static long tg_answer_step(__u32 index, struct tg_answer *answer)
{
	struct tg_mirror *mirror = answer->mirror;
	struct pg_frame *frame = &mirror->frame;
	__u32 left = answer->skb->len - answer->done;
	__u8 status;

	(void)index;
	if (!left)
		return 1;
	if (frame->header_bytes < PG_FRAME_HEADER_SIZE)
		return tg_answer_header(answer);
	if (frame->type == 'Z' && !bpf_skb_load_bytes(answer->skb, answer->done, &status, 1)) {
		mirror->status = status;
		mirror->ready++;
	} else if (frame->type == 'E' && frame->remaining == frame->body_length &&
		   !mirror->failed) {
		tg_answer_error(answer);
	}
	if (left > frame->remaining)
		left = frame->remaining;
	answer->done += left;
	frame->remaining -= left;
	if (!frame->remaining)
		frame->header_bytes = 0;
	return 0;
}

/* C# has something to do with the mirror. */
static __always_inline void tg_answer_tell(__u32 slot)
{
	struct tg_copy *copy;

	copy = bpf_ringbuf_reserve(&copies, sizeof(*copy), 0);
	if (!copy) {
		/* C# looks into the slot from time to time. */
		tg_count(TG_COUNT_COPY_MISSED);
		return;
	}
	__builtin_memset(copy, 0, sizeof(*copy));
	copy->kind = TG_COPY_ANSWERED;
	copy->slot = slot;
	tg_copy_submit(copy);
}

static __always_inline int tg_answer(struct __sk_buff *skb)
{
	__u64 cookie = bpf_get_socket_cookie(skb);
	__u32 first = 0, *slot = bpf_map_lookup_elem(&mirror_ends, &cookie);
	struct tg_mirrors *all = bpf_map_lookup_elem(&mirrors, &first);
	struct tg_answer answer = {.skb = skb};
	struct tg_mirror *mirror;
	struct pg_frame frame;
	__u32 ready, status, failed;

	/* Empty: the end of the stream. */
	if (!slot || !all || !skb->len)
		return SK_PASS;
	mirror = answer.mirror = &all->mirrors[*slot & (TG_MIRRORS - 1)];
	if (!mirror->watched || mirror->broken)
		return SK_PASS;
	frame = mirror->frame;
	ready = mirror->ready;
	status = mirror->status;
	failed = mirror->failed;
	bpf_loop(TG_ANSWER_STEPS, tg_answer_step, &answer, 0);
	if (answer.leaves) {
		/* The whole segment; the frame tells C# where in a message it begins. */
		mirror->frame = frame;
		mirror->ready = ready;
		mirror->status = status;
		mirror->failed = failed;
		mirror->watched = 0;
		tg_answer_tell(*slot);
		return SK_PASS;
	}
	if (answer.done != skb->len)
		mirror->broken = 1;
	if (mirror->broken) {
		tg_answer_tell(*slot);
		return SK_PASS;
	}
	if (mirror->ready != ready && mirror->ready == mirror->expected) {
		mirror->time = bpf_ktime_get_ns();
		tg_answer_tell(*slot);
	}
	return SK_DROP;
}

#endif
