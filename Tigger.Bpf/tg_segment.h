/* SPDX-License-Identifier: MIT */
/*
 * Clients on other hosts: what they send arrives at C#'s own sockets, where a verdict sees it. A
 * worker of the kernel moves it on, so a request is on its way for a while, and bytes that C# sends
 * to the same server could overtake it. Therefore a segment goes only if it is complete in itself,
 * so that a reply is due that proves its arrival, and the next one only after that. In front of
 * servers on other hosts our end sends it to itself instead, see tg_arrival.h.
 */
#ifndef TIGGER_TG_SEGMENT_H
#define TIGGER_TG_SEGMENT_H

struct tg_segment {
	struct __sk_buff *skb;
	struct tg_walk *walk;
};

/* As tg_text_begins, of a segment. */
static __always_inline int tg_segment_is_set(struct __sk_buff *skb, const struct tg_walk *walk)
{
	__u32 at = walk->done;
	__u8 text[TG_TEXT_LENGTH], name;

	if (walk->frame.type == 'P') {
		if (bpf_skb_load_bytes(skb, at, &name, sizeof(name)))
			return 1;
		if (name)
			return 0;
		at++;
	}
	return bpf_skb_load_bytes(skb, at, text, sizeof(text)) || tg_is_set(walk, text);
}

/* As tg_rename, of a segment. */
static __always_inline long tg_segment_rename(struct __sk_buff *skb, struct tg_walk *walk)
{
	__u32 at = walk->done + 1, part = walk->frame.body_length - 1, length;
	struct tg_name *found;

	if (part > TG_NAME)
		part = TG_NAME;
	__builtin_memset(walk->naming.text, 0, sizeof(walk->naming.text));
	if (part < 2 || bpf_skb_load_bytes(skb, at, walk->naming.text, part))
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	found = tg_find_name(&walk->naming, walk->naming.text, &length);
	if (!found || !tg_is_whole_name(walk, length))
		return tg_name_escape(walk);
	/* A longer name that begins like this one. */
	if (walk->naming.text[TG_NAME - 1])
		return tg_name_escape(walk);
	length--;
	if (length < 1 || length >= TG_NAME || bpf_skb_store_bytes(skb, at, found->name, length, 0))
		return tg_escape(walk, TG_COUNT_NO_MEMORY);
	walk->naming.binds += walk->frame.type == 'B';
	return 0;
}

/* As tg_name_begins, of a segment. */
static __always_inline long tg_segment_name_begins(struct __sk_buff *skb, struct tg_walk *walk)
{
	__u8 first[2];

	if (bpf_skb_load_bytes(skb, walk->done, first, sizeof(first)))
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	switch (tg_is_named(walk->frame.type, first[0], first[1])) {
	case TG_UNNAMED:
		return 0;
	case TG_NAMED:
		return tg_segment_rename(skb, walk);
	default:
		return tg_escape(walk, TG_COUNT_ESCAPE_NAMED);
	}
}

static long tg_segment_step(__u32 index, struct tg_segment *segment)
{
	struct __sk_buff *skb = segment->skb;
	struct tg_walk *walk = segment->walk;
	__u8 at[PG_FRAME_HEADER_SIZE];
	__u32 length;

	(void)index;
	if (walk->done >= skb->len)
		return 1;
	if (bpf_skb_load_bytes(skb, walk->done, at, sizeof(at)))
		return tg_escape(walk, TG_COUNT_ESCAPE_SPLIT);
	walk->frame.type = at[0];
	length = (__u32)at[1] << 24 | (__u32)at[2] << 16 | (__u32)at[3] << 8 | at[4];
	if (pg_frame_begin(&walk->frame, length) != PG_FRAME_MESSAGE)
		return tg_escape(walk, TG_COUNT_ESCAPE_MESSAGE);
	walk->done += PG_FRAME_HEADER_SIZE;
	if (walk->frame.body_length > skb->len - walk->done)
		return tg_escape(walk, TG_COUNT_ESCAPE_INCOMPLETE);
	if (tg_request_begins(walk))
		return 1;
	if (tg_may_be_named(walk) && tg_segment_name_begins(skb, walk))
		return 1;
	if (tg_may_be_set(walk) && tg_segment_is_set(skb, walk))
		return tg_escape(walk, TG_COUNT_ESCAPE_STATE);
	walk->done += walk->frame.body_length;
	walk->frame.header_bytes = 0;
	return 0;
}

static __noinline int tg_segment_walk(struct __sk_buff *skb, struct tg_requester *r)
{
	struct tg_segment segment = {.skb = skb, .walk = r->walk};

	if (r->walked)
		return 0;
	r->walked = 1;
	tg_request_position(r);
	bpf_loop(TG_STEPS, tg_segment_step, &segment, 0);
	if (r->walk->escape)
		return 0;
	if (r->walk->done != r->size)
		r->walk->escape = TG_COUNT_FRAME_FAILED;
	else if (!tg_is_complete(r->walk))
		r->walk->escape = TG_COUNT_ESCAPE_INCOMPLETE;
	r->walk->escape = tg_copy_refusal(r->client, r->walk, r->size);
	return 0;
}

static __always_inline void tg_segment_copy(struct __sk_buff *skb, struct tg_requester *r)
{
	struct tg_copier copier = tg_copier(r);

	if (r->copy && !r->copied)
		tg_copy_segment(skb, &copier);
	r->copied = 1;
}

/* Up to C#, as if there were no program; but C#, which does not watch the connection, is told. */
static __always_inline int tg_segment_up(struct tg_requester *r, __u32 reason)
{
	tg_count(reason);
	tg_tell(TG_EVENT_TAKEN, r->slot, r->generation);
	return SK_PASS;
}

static __always_inline int tg_segment_escape(struct tg_requester *r, __u32 reason)
{
	tg_request_leave(r);
	return tg_segment_up(r, reason);
}

static __always_inline int tg_segment_send(struct __sk_buff *skb, struct tg_requester *r)
{
	__u64 key = tg_server_key(r->server, r->server_generation);

	if (bpf_sk_redirect_hash(skb, &sockets, &key, BPF_F_INGRESS) != SK_PASS)
		return 0;
	tg_count(TG_COUNT_REMOTE_REQUEST);
	tg_request_statistics(r);
	return 1;
}

/* As tg_is_request_next, of a segment. */
static __always_inline int tg_is_segment_next(const struct tg_requester *r)
{
	return tg_is_answered(r->client, r->remote) && tg_is_remote_clean(r->remote);
}

static __always_inline __u32 tg_segment_store(struct __sk_buff *skb, struct tg_requester *r)
{
	struct tg_block *block = NULL;
	__u32 size = r->size, reason = tg_request_block(r, &block);

	if (reason || !block)
		return reason;
	if (!size || size > TG_BLOCK || bpf_skb_load_bytes(skb, 0, block->data, size))
		return TG_COUNT_FRAME_FAILED;
	return 0;
}

static __noinline int tg_segment_idle(struct __sk_buff *skb, struct tg_requester *r)
{
	__u32 outcome;

	if (r->client->flags & TG_UNCLEAN && !tg_is_segment_next(r))
		return tg_segment_escape(r, TG_COUNT_ESCAPE_UNCLEAN);
	tg_segment_walk(skb, r);
	if (r->walk->escape)
		return tg_segment_escape(r, r->walk->escape);
	r->now = bpf_ktime_get_ns();
	if (tg_is_repeatable(r) && tg_is_stored(r, tg_segment_store(skb, r)))
		outcome = tg_wait(r, 0);
	else
		outcome = tg_lend(r);
	if (outcome == TG_MUST_WAIT)
		outcome = tg_wait(r, tg_segment_store(skb, r));
	switch (outcome) {
	case TG_LENT:
		tg_count(TG_COUNT_LINK);
		tg_count_assignment(r->client->pool);
		tg_segment_copy(skb, r);
		if (tg_segment_send(skb, r))
			return SK_PASS;
		tg_request_undo(r);
		return tg_segment_up(r, TG_COUNT_ESCAPE_GONE);
	case TG_WAITS:
		tg_note_wait(r);
		/* Swallowed: acknowledged, and in its block. */
		return SK_DROP;
	case TG_TAKEN_AWAY:
		return SK_PASS;
	default:
		return tg_segment_up(r, outcome);
	}
}

static __noinline int tg_segment_linked(struct __sk_buff *skb, struct tg_requester *r)
{
	__u32 outcome;

	r->server = r->client->server;
	r->server_generation = tg_server(r->all, r->server)->generation;
	if (r->client->flags & TG_UNCLEAN && !tg_is_segment_next(r))
		return tg_segment_escape(r, TG_COUNT_ESCAPE_UNCLEAN);
	tg_segment_walk(skb, r);
	r->now = bpf_ktime_get_ns();
	outcome = tg_follow(r, r->walk->escape);
	switch (outcome) {
	case TG_LENT:
		tg_segment_copy(skb, r);
		return tg_segment_send(skb, r) ? SK_PASS
					       : tg_segment_escape(r, TG_COUNT_ESCAPE_GONE);
	case TG_AGAIN:
		return TG_AGAIN;
	case TG_TAKEN_AWAY:
		return SK_PASS;
	default:
		return tg_segment_up(r, outcome);
	}
}

/*
 * To our own end, whose send() forwards it. While the client does not read, that would not go on,
 * and what it sends more would be kept without a limit.
 */
static __always_inline int tg_segment_to_itself(struct __sk_buff *skb, struct tg_requester *r)
{
	__u64 key = tg_side_key(tg_client_key(r->slot, r->generation));
	__u32 state = r->client->state;

	if (state != TG_CLIENT_IDLE && state != TG_CLIENT_WAITING && state != TG_CLIENT_LINKED)
		return SK_PASS;
	if (!tg_takes(r->remote, 0, r->pool->budget))
		return tg_segment_escape(r, TG_COUNT_ESCAPE_SLOW);
	if (bpf_sk_redirect_hash(skb, &sockets, &key, 0) == SK_PASS)
		tg_count(TG_COUNT_REMOTE_REQUEST);
	return SK_PASS;
}

/* Where C#'s end is; nobody else could tell. */
static __always_inline void tg_segment_note(struct tg_requester *r)
{
	bpf_spin_lock(&r->lock->lock);
	if (r->client->generation == r->generation)
		r->client->side = r->remote;
	bpf_spin_unlock(&r->lock->lock);
}

static __always_inline int tg_segment_of(struct __sk_buff *skb, struct tg_slots *all,
					 struct tg_socket *socket)
{
	struct sk_buff *kernel_skb = bpf_cast_to_kern_ctx(skb);
	struct tg_requester r = {.all = all,
				 .slot = socket->end.slot,
				 .generation = socket->end.generation,
				 .size = skb->len,
				 .remote = (__u64)kernel_skb->sk,
				 .walk = &socket->walk};
	int verdict = TG_AGAIN;

	r.client = tg_client(all, r.slot);
	/* Empty: the end of the stream. */
	if (!r.size || r.client->generation != r.generation)
		return SK_PASS;
	r.pool = tg_pool(all, r.client->pool);
	r.lock = tg_lock_of(r.client->pool);
	if (!r.lock)
		return SK_PASS;
	if (r.client->side != r.remote)
		tg_segment_note(&r);
	if (!(r.client->flags & TG_REMOTE))
		return SK_PASS;
	if (r.client->flags & TG_SIDE)
		return tg_segment_to_itself(skb, &r);
	if (r.client->state == TG_CLIENT_LINKED)
		verdict = tg_segment_linked(skb, &r);
	if (verdict != TG_AGAIN)
		return verdict;
	switch (r.client->state) {
	case TG_CLIENT_IDLE:
		return tg_segment_idle(skb, &r);
	case TG_CLIENT_WAITING:
	case TG_CLIENT_LINKED:
		return tg_segment_escape(&r, TG_COUNT_ESCAPE_PIPELINED);
	default:
		return SK_PASS;
	}
}

#endif
