/* SPDX-License-Identifier: MIT */
/*
 * Client to server: what happens in a client's send(). Of a client on another host in front of such
 * a server it is our own socket that sends what arrived from there, see tg_arrival.h.
 */
#ifndef TIGGER_TG_REQUEST_H
#define TIGGER_TG_REQUEST_H

static __always_inline void tg_count_assignment(__u32 pool)
{
	struct tg_statistics *sum = tg_statistics(pool);

	if (sum)
		sum->assignments++;
}

static __always_inline void tg_request_statistics(struct tg_requester *r)
{
	struct tg_statistics *sum = tg_statistics(r->client->pool);

	tg_count(TG_COUNT_REQUEST);
	if (!sum)
		return;
	sum->received += r->size;
	if (r->walk->naming.binds) {
		sum->binds += r->walk->naming.binds;
		r->walk->naming.binds = 0;
		tg_count(TG_COUNT_BIND);
	}
}

static __always_inline void tg_request_server(struct tg_requester *r, __u32 slot)
{
	struct tg_server *server = tg_server(r->all, slot);

	r->server = slot;
	r->server_generation = server->generation;
	r->far = server->flags & TG_SERVER_REMOTE;
}

/* Where a server on another host is to be written up to; the sender alone writes there now. */
static __always_inline void tg_request_note_sent(struct tg_requester *r)
{
	struct tg_server *server = tg_server(r->all, r->server);

	server->sent = tg_tcp_sock(server->side)->write_seq + r->msg->size;
	__sync_fetch_and_or(&r->client->flags, TG_ASKED);
}

/* Into the receive queue of the linked server; to one on another host by our end of the connection.
 */
static __always_inline int tg_request_send(struct tg_requester *r)
{
	__u64 key = tg_server_key(r->server, r->server_generation);
	__u64 flags = BPF_F_INGRESS;

	if (r->far) {
		tg_request_note_sent(r);
		key = tg_side_key(key);
		flags = 0;
	}
	if (bpf_msg_redirect_hash(r->msg, &sockets, &key, flags) == SK_PASS) {
		tg_request_statistics(r);
		return SK_PASS;
	}
	return SK_DROP;
}

/* A block for a request to wait in until a server is free. 0 or the reason why there is none. */
static __always_inline __u32 tg_request_block(struct tg_requester *r, struct tg_block **block)
{
	__u32 number;

	if (!tg_is_complete(r->walk))
		return TG_COUNT_ESCAPE_INCOMPLETE;
	if (!r->size || r->size > TG_BLOCK)
		return TG_COUNT_ESCAPE_TOO_LONG;
	/* Out of the slot while it is written: C# may end the session at any moment, and free what
	 * it finds there. */
	r->block = __sync_lock_test_and_set(&r->client->block, 0);
	if (!r->block) {
		if (bpf_map_pop_elem(&free_blocks, &number))
			return TG_COUNT_ESCAPE_NO_BLOCK;
		r->block = number + 1;
	}
	number = r->block - 1;
	*block = bpf_map_lookup_elem(&blocks, &number);
	return *block ? 0 : TG_COUNT_FRAME_FAILED;
}

static __always_inline __u32 tg_request_store(struct tg_requester *r)
{
	struct tg_block *block = NULL;
	__u32 size = r->size, reason = tg_request_block(r, &block);

	if (reason || !block)
		return reason;
	if ((__u32)((long)r->msg->data_end - (long)r->msg->data) < size &&
	    bpf_msg_pull_data(r->msg, 0, size, 0))
		return TG_COUNT_NO_MEMORY;
	if (size == 0 || size > TG_BLOCK || bpf_probe_read_kernel(block->data, size, r->msg->data))
		return TG_COUNT_FRAME_FAILED;
	return 0;
}

/* The server just taken is gone and has seen nothing: C# forgets it, and serves the request with
 * another. */
static __always_inline void tg_request_undo(struct tg_requester *r)
{
	struct tg_client *client = r->client;
	struct tg_server *server = tg_server(r->all, r->server);

	bpf_spin_lock(&r->lock->lock);
	if (client->generation == r->generation && client->state == TG_CLIENT_LINKED) {
		tg_unlink(client, server);
		tg_give_up(client, server);
	}
	tg_request_uncopy(r);
	bpf_spin_unlock(&r->lock->lock);
	tg_request_copy_note(r);
}

/*
 * The server just taken does not take the request at once: C# has the link, on which nothing has
 * been asked yet.
 */
static __always_inline int tg_request_withdraw(struct tg_requester *r)
{
	struct tg_client *client = r->client;

	bpf_spin_lock(&r->lock->lock);
	if (client->generation == r->generation && client->state == TG_CLIENT_LINKED) {
		client->owed = client->open = client->head_extended = client->remaining = 0;
		tg_give_up(client, tg_server(r->all, r->server));
	}
	tg_request_uncopy(r);
	bpf_spin_unlock(&r->lock->lock);
	tg_request_copy_note(r);
	return tg_request_up(r, TG_COUNT_ESCAPE_BUDGET_REQUEST);
}

/* A second try, now that the request is in a block, or could not be for a reason. */
static __always_inline __u32 tg_wait(struct tg_requester *r, __u32 reason)
{
	__u32 outcome = reason;
	struct tg_copier copier;
	struct tg_copy *copy;

	if (reason) {
		tg_request_leave(r);
	} else {
		copy = tg_copy_begin_wait(r->client, r->block, r->size);
		outcome = tg_lend(r);
		copier = tg_copier(r);
		tg_copy_end_wait(copy, &copier);
		r->copied = 1;
	}
	if (outcome != TG_WAITS && outcome != TG_LENT)
		tg_free_block(r->block);
	return outcome;
}

/* Whether C# might have to send it once more, should the statement have to be prepared anew. */
static __always_inline int tg_is_repeatable(const struct tg_requester *r)
{
	return r->walk->naming.needs.count == 1 && r->walk->owed == 1 && r->size <= TG_BLOCK;
}

/* True: the request is in a block. */
static __always_inline int tg_is_stored(struct tg_requester *r, __u32 reason)
{
	if (!reason)
		return 1;
	tg_free_block(r->block);
	r->block = 0;
	return 0;
}

/* The client's request is in its block, and the client in the queue. */
static __always_inline void tg_note_wait(struct tg_requester *r)
{
	if (r->pool->flags & TG_CAN_GROW)
		tg_tell(TG_EVENT_WAITING, r->client->pool, 0);
	tg_count(TG_COUNT_WAIT);
	tg_request_statistics(r);
}

/* A client without a server: takes one, waits for one, or leaves it to C#. */
static __noinline int tg_request_idle(struct tg_requester *r)
{
	__u32 outcome;

	if (r->client->flags & TG_UNCLEAN && !tg_is_request_next(r))
		return tg_request_escape(r, TG_COUNT_ESCAPE_UNCLEAN);
	tg_request_walk(r);
	if (r->walk->escape)
		return tg_request_escape(r, r->walk->escape);
	r->now = bpf_ktime_get_ns();
	if (tg_is_repeatable(r) && tg_is_stored(r, tg_request_store(r)))
		outcome = tg_wait(r, 0);
	else
		outcome = tg_lend(r);
	if (outcome == TG_MUST_WAIT)
		outcome = tg_wait(r, tg_request_store(r));
	switch (outcome) {
	case TG_LENT:
		tg_count(TG_COUNT_LINK);
		tg_count_assignment(r->client->pool);
		tg_request_server(r, r->server);
		if (r->far &&
		    !tg_takes(tg_server(r->all, r->server)->side, r->size, r->pool->budget))
			return tg_request_withdraw(r);
		tg_request_copy(r);
		if (tg_request_send(r) == SK_PASS)
			return SK_PASS;
		tg_request_undo(r);
		return tg_request_up(r, TG_COUNT_ESCAPE_GONE);
	case TG_WAITS:
		tg_note_wait(r);
		/* Taken away whole, the send has been done as far as the client can tell. */
		if (bpf_msg_pop_data(r->msg, 0, r->msg->size, 0))
			tg_count(TG_COUNT_NO_MEMORY);
		return SK_PASS;
	case TG_TAKEN_AWAY:
		return tg_request_pass(r);
	default:
		return tg_request_up(r, outcome);
	}
}

/*
 * A message of a client with a server follows those before it, unless there is a reason why it may
 * not. TG_LENT: to r->server. TG_AGAIN: the link has just ended. TG_TAKEN_AWAY: C# has it. Else the
 * reason, and C# has the link.
 */
static __always_inline __u32 tg_follow(struct tg_requester *r, __u32 reason)
{
	struct tg_server *server = tg_server(r->all, r->server);
	struct tg_client *client = r->client;
	__u32 outcome = reason;

	bpf_spin_lock(&r->lock->lock);
	if (client->state != TG_CLIENT_LINKED || client->server != r->server ||
	    client->generation != r->generation) {
		outcome = client->state == TG_CLIENT_IDLE ? TG_AGAIN : TG_TAKEN_AWAY;
	} else {
		if (!outcome && client->flags & (TG_UNCONFIRMED | TG_BY_TCP | TG_TO_SEND))
			outcome = TG_COUNT_ESCAPE_PIPELINED;
		if (!outcome && !tg_has_statements(server, &r->walk->naming.needs))
			outcome = TG_COUNT_ESCAPE_STATEMENT;
		if (outcome)
			tg_give_up(client, server);
		else
			tg_request_commit(r, server);
	}
	bpf_spin_unlock(&r->lock->lock);
	return outcome;
}

/* The last request went to another host's connection in part only, and the client sends the rest
 * once more. */
static __always_inline int tg_is_request_cut(struct tg_requester *r)
{
	const struct tg_server *server = tg_server(r->all, r->server);
	__u32 wanted = TG_ASKED | TG_UNCONFIRMED;

	return r->far && (r->client->flags & wanted) == TG_ASKED &&
	       tg_tcp_sock(server->side)->write_seq != server->sent;
}

static __always_inline int tg_request_cut(struct tg_requester *r)
{
	bpf_spin_lock(&r->lock->lock);
	if (r->client->generation == r->generation && r->client->state == TG_CLIENT_LINKED &&
	    r->client->server == r->server) {
		r->client->flags |= TG_CUT;
		tg_give_up(r->client, tg_server(r->all, r->server));
	}
	bpf_spin_unlock(&r->lock->lock);
	return tg_request_up(r, TG_COUNT_CUT_SHORT);
}

/* A client with a server. TG_AGAIN: it has none any more. */
static __noinline int tg_request_linked(struct tg_requester *r)
{
	struct tg_client *client = r->client;
	struct tg_server *server;
	__u32 reason, outcome;

	tg_request_server(r, client->server);
	server = tg_server(r->all, r->server);

	if (client->flags & TG_UNCLEAN && !tg_is_request_next(r))
		return tg_request_escape(r, TG_COUNT_ESCAPE_UNCLEAN);
	if (tg_is_request_cut(r))
		return tg_request_cut(r);
	tg_request_walk(r);
	reason = r->walk->escape;
	if (!reason && (r->far ? !tg_takes(server->side, r->size, r->pool->budget)
			       : tg_unread(server->sock) > r->pool->budget))
		reason = TG_COUNT_ESCAPE_BUDGET_REQUEST;
	r->now = bpf_ktime_get_ns();
	outcome = tg_follow(r, reason);
	switch (outcome) {
	case TG_LENT:
		tg_request_copy(r);
		return tg_request_send(r) == SK_PASS ? SK_PASS
						     : tg_request_escape(r, TG_COUNT_ESCAPE_GONE);
	case TG_AGAIN:
		return TG_AGAIN;
	case TG_TAKEN_AWAY:
		return tg_request_pass(r);
	default:
		return tg_request_up(r, outcome);
	}
}

static __always_inline int tg_request(struct sk_msg_md *msg, struct tg_slots *all,
				      struct tg_socket *socket)
{
	struct tg_requester r = {.msg = msg,
				 .all = all,
				 .slot = socket->end.slot,
				 .generation = socket->end.generation,
				 .size = msg->size,
				 .arrived = socket->end.kind != TG_END_CLIENT,
				 .walk = &socket->walk};
	struct sk_msg *kernel_msg;
	int verdict;

	r.client = tg_client(all, r.slot);
	if (r.client->generation != r.generation)
		return r.arrived ? tg_arrival_lose(msg) : SK_PASS;
	kernel_msg = bpf_cast_to_kern_ctx(msg);
	if (kernel_msg->sk_redir) {
		/* The kernel had memory for a part of this send only; the rest goes where that
		 * went. */
		tg_count(TG_COUNT_RESUMED_SEND);
		if (r.client->state != TG_CLIENT_LINKED)
			return tg_request_pass(&r);
		tg_request_server(&r, r.client->server);
		return tg_request_send(&r);
	}
	r.pool = tg_pool(all, r.client->pool);
	r.lock = tg_lock_of(r.client->pool);
	if (!r.lock)
		return r.arrived ? tg_arrival_lose(msg) : SK_PASS;
	verdict = TG_AGAIN;
	if (r.client->state == TG_CLIENT_LINKED)
		verdict = tg_request_linked(&r);
	if (verdict != TG_AGAIN)
		return verdict;
	switch (r.client->state) {
	case TG_CLIENT_IDLE:
		return tg_request_idle(&r);
	case TG_CLIENT_WAITING:
	case TG_CLIENT_LINKED:
		return tg_request_escape(&r, TG_COUNT_ESCAPE_PIPELINED);
	default:
		return tg_request_pass(&r);
	}
}

#endif
