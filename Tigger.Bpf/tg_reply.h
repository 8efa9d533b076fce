/* SPDX-License-Identifier: MIT */
/*
 * Server to client: what happens in a backend's send(), and the end of a transaction. For a backend
 * on another host it is our own socket that sends what arrived from there, see tg_arrival.h.
 */
#ifndef TIGGER_TG_REPLY_H
#define TIGGER_TG_REPLY_H

enum tg_reply_extra {
	/*
	 * Bytes put behind the last reply of a transaction. The kernel delivers the reply and runs
	 * the program again for them, and only then is the server lent on: a client that had not
	 * waited for its answer could otherwise get that of its next server first.
	 */
	TG_EXTRA = 1,
	TG_SMALL = 1024, /* bytes */
	TG_MOST_SMALL = 512,
};

struct tg_replier {
	struct sk_msg_md *msg;
	struct tg_slots *all;
	struct tg_server *server;
	struct tg_client *client;
	struct tg_pool *pool;
	struct tg_lock *lock;
	struct tg_walk *walk;
	__u32 slot;
	__u32 generation;
	__u32 client_slot;
	__u32 client_generation;
	__u32 arrived; /* the server is on another host */
	__u32 roomy;   /* then: its connection takes a waiting request for certain */
	__u32 remote;  /* the client is on another host */
	__u32 written; /* sequence number up to which its connection has been written */
	__u32 sent;    /* the same of the connection to the server */
	__u64 now;
	struct tg_copy_sum copy; /* the record of the transaction's end */
};

/* What a release came to, kept for what can only be done without the lock. */
struct tg_release {
	__u32 outcome; /* 0: none yet; else a TG_COUNT_: RELEASE, GRANT or PARK */
	__u32 block;   /* number + 1 of the request to inject */
	__u32 length;
	__u32 client;
	__u32 client_generation;
	__u64 waiting_since;
};

static __always_inline int tg_reply_redirect(struct tg_replier *r)
{
	__u64 key = tg_client_key(r->client_slot, r->client_generation);

	if (r->remote)
		return bpf_msg_redirect_hash(r->msg, &remotes, &key, 0);
	return bpf_msg_redirect_hash(r->msg, &sockets, &key, BPF_F_INGRESS);
}

/* Takes the walk's result over. Lock held. True: the transaction is over with this reply. */
static __always_inline int tg_reply_commit(struct tg_replier *r)
{
	struct tg_client *client = r->client;
	struct tg_server *server = r->server;
	int proves;

	client->flags &= ~TG_KEPT;
	server->frame = r->walk->frame;
	r->client_generation = client->generation;
	if (r->remote) {
		client->sent = r->written + r->msg->size;
		client->flags |= TG_SENT;
	}
	/* Whatever is said after a request was received proves that it was; of a remote client's
	 * requests the last may be on its way still. */
	proves = !r->remote || client->owed == 1;
	client->owed -= r->walk->ready;
	if (r->walk->ready)
		client->answered = 0;
	if (!client->owed)
		client->answered += r->walk->answered;
	if (proves || !client->owed)
		client->flags &= ~TG_UNCONFIRMED;
	/* The server has read all that C# sent it. */
	if (!client->owed)
		client->flags &= ~TG_BY_TCP;
	if (r->walk->last_type)
		server->last_type = r->walk->last_type;
	if (client->flags & TG_COPIED) {
		client->rows += r->walk->rows;
		client->replied += r->msg->size;
	}
	if (!r->walk->ready)
		return 0;
	server->status = r->walk->status;
	if (client->owed || client->open || client->remaining)
		return 0;
	if (client->flags & TG_COPIED && client->query_start)
		client->busy += r->now - client->query_start;
	client->query_start = 0;
	client->requested_at = r->now;
	if (r->walk->status == 'I') {
		client->transaction_start = 0;
		r->copy.sequence = tg_copy_next(client);
		r->copy.server = r->slot;
		r->copy.server_generation = r->generation;
		r->copy.busy = client->busy;
		r->copy.rows = client->rows;
		r->copy.replied = client->replied;
		client->busy = client->rows = client->replied = 0;
		client->ended += r->copy.sequence != 0;
	}
	return r->walk->status == 'I' && !r->walk->frame.header_bytes &&
	       !(r->pool->flags & TG_SESSION);
}

static __always_inline void tg_count_errors(const struct tg_walk *walk)
{
	__u32 i;

	for (i = 0; i < TG_ERRORS && i < walk->errors; i++) {
		__u32 number = walk->error_classes[i];
		__u64 *value = bpf_map_lookup_elem(&errors, &number);

		if (value)
			++*value;
	}
}

static __always_inline void tg_reply_statistics(struct tg_replier *r, __u64 query_start,
						__u64 transaction_start)
{
	struct tg_statistics *sum = tg_statistics(r->server->pool);

	tg_count(TG_COUNT_REPLY);
	if (r->walk->errors)
		tg_count_errors(r->walk);
	if (!sum)
		return;
	sum->sent += r->msg->size;
	if (!r->walk->ready)
		return;
	sum->queries += r->walk->ready;
	tg_add_time(&sum->query_time, sum->query_times, query_start, r->now);
	if (!r->walk->idle_ready)
		return;
	sum->transactions += r->walk->idle_ready;
	tg_add_time(&sum->transaction_time, sum->transaction_times, transaction_start, r->now);
}

/* The socket of the map that sends: the backend's, or ours for one on another host. */
static __always_inline __u64 tg_sender_key(const struct tg_replier *r)
{
	__u64 key = tg_server_key(r->slot, r->generation);

	return r->arrived ? tg_side_key(key) : key;
}

/* The send is for C#. Safe only as long as no redirection was asked for in this send. */
static __always_inline int tg_reply_pass(struct tg_replier *r)
{
	return r->arrived ? tg_arrival_up(r->msg, tg_sender_key(r))
			  : tg_server_up(r->msg, r->server, r->slot, r->generation);
}

/* The same, and the link is C#'s, which does not watch for what arrives. */
static __always_inline int tg_reply_up(struct tg_replier *r, __u32 reason)
{
	tg_count(reason);
	if (r->arrived)
		tg_tell(TG_EVENT_TAKEN, r->client_slot,
			tg_client(r->all, r->client_slot)->generation);
	return tg_reply_pass(r);
}

/* Whether the server is still the sender's, and linked to the client it was seen with. Lock held.
 */
static __always_inline int tg_is_linked(const struct tg_replier *r)
{
	return r->server->generation == r->generation && r->server->state == TG_SERVER_LINKED &&
	       r->server->client == r->client_slot;
}

/*
 * The last reply went to another host's connection in part only, and PostgreSQL sends the rest once
 * more, or the request did that the server's own send put in front: the client has to be
 * disconnected.
 */
static __always_inline int tg_is_cut(const struct tg_replier *r)
{
	if (r->arrived && r->client->flags & TG_ASKED && r->client->flags & TG_UNCONFIRMED &&
	    tg_tcp_sock(r->server->side)->write_seq != r->server->sent)
		return 1;
	return r->remote && r->client->flags & TG_SENT && r->written != r->client->sent;
}

static __always_inline int tg_reply_cut(struct tg_replier *r)
{
	bpf_spin_lock(&r->lock->lock);
	if (tg_is_linked(r)) {
		r->client->flags |= TG_CUT;
		r->server->flags &= ~TG_FINISHING;
		r->client_generation = r->client->generation;
		tg_give_up(r->client, r->server);
	}
	bpf_spin_unlock(&r->lock->lock);
	tg_tell(TG_EVENT_TAKEN, r->client_slot, r->client_generation);
	return tg_reply_up(r, TG_COUNT_CUT_SHORT);
}

/* Leaves the link to C#, which reads this send and what follows from its own connection. */
static __always_inline int tg_reply_escape(struct tg_replier *r, __u32 reason)
{
	bpf_spin_lock(&r->lock->lock);
	if (tg_is_linked(r))
		tg_give_up(r->client, r->server);
	bpf_spin_unlock(&r->lock->lock);
	return tg_reply_up(r, reason);
}

/* The client is gone: what was noted for this send is taken back, C# reads it. */
static __always_inline int tg_reply_undo(struct tg_replier *r, const struct pg_frame *frame,
					 __u32 status)
{
	bpf_spin_lock(&r->lock->lock);
	if (r->server->generation == r->generation) {
		r->server->frame = *frame;
		r->server->status = status;
		r->server->flags &= ~TG_FINISHING;
	}
	if (tg_is_linked(r)) {
		r->client->owed += r->walk->ready;
		tg_give_up(r->client, r->server);
	}
	bpf_spin_unlock(&r->lock->lock);
	return tg_reply_up(r, TG_COUNT_ESCAPE_GONE);
}

/* The reply goes, the server stays with C#: there was no memory for what makes the program run
 * again. */
static __always_inline int tg_reply_unfinished(struct tg_replier *r)
{
	tg_count(TG_COUNT_NO_MEMORY);
	bpf_spin_lock(&r->lock->lock);
	if (r->server->generation == r->generation)
		r->server->flags &= ~TG_FINISHING;
	if (tg_is_linked(r))
		tg_give_up(r->client, r->server);
	bpf_spin_unlock(&r->lock->lock);
	tg_tell(TG_EVENT_TAKEN, r->client_slot, r->client_generation);
	return SK_PASS;
}

/*
 * Whether the client reads too slowly. Each message costs the kernel about a kilobyte that it does
 * not charge to the socket, so short ones are counted.
 */
static __always_inline int tg_is_over_budget(struct tg_client *client, const struct tg_pool *pool,
					     __u32 size)
{
	__u32 unread = tg_unread(client->sock);

	if (client->flags & TG_REMOTE)
		return !tg_takes(client->side, size, pool->budget);
	if (!unread)
		client->small = 0;
	else if (size < TG_SMALL && ++client->small > TG_MOST_SMALL)
		return 1;
	return unread > pool->budget;
}

static __noinline int tg_reply_linked(struct tg_replier *r)
{
	struct tg_server *server = r->server;
	struct pg_frame frame = server->frame;
	__u32 reason, last = 0, status = server->status, size = r->msg->size;
	__u64 query_start, transaction_start;
	struct tg_copy *end;

	r->client_slot = server->client;
	r->client = tg_client(r->all, r->client_slot);
	r->remote = r->client->flags & TG_REMOTE;
	if (r->remote)
		r->written = tg_tcp_sock(r->client->side)->write_seq;
	if (tg_is_cut(r))
		return tg_reply_cut(r);
	__builtin_memset(r->walk, 0, sizeof(*r->walk));
	r->walk->frame = frame;
	r->walk->is_server = 1;
	r->walk->pool_flags = r->pool->flags;
	r->walk->copied = r->client->flags & TG_COPIED;
	r->walk->status = status;
	r->walk->last_type = server->last_type;
	r->walk->naming.needs.count = r->client->needs.count;
	tg_walk_message(r->msg, r->walk);
	reason = r->walk->escape;
	if (!reason && tg_is_over_budget(r->client, r->pool, size))
		reason = r->client->flags & TG_REMOTE ? TG_COUNT_ESCAPE_SLOW
						      : TG_COUNT_ESCAPE_BUDGET_REPLY;
	if (!reason && r->client->flags & TG_UNCLEAN)
		reason = TG_COUNT_ESCAPE_UNCLEAN;
	if (!reason && r->walk->ready > r->client->owed)
		reason = TG_COUNT_ESCAPE_REPLY;
	/* C# has to read first what went to it before. */
	if (!reason && r->arrived && tg_has_redirected(server->side))
		reason = TG_COUNT_ESCAPE_UNCLEAN;
	if (reason)
		return tg_reply_escape(r, reason);
	r->now = r->walk->ready ? bpf_ktime_get_ns() : 0;
	end = tg_copy_begin_end(r->client, r->walk);
	bpf_spin_lock(&r->lock->lock);
	if (!tg_is_linked(r)) {
		bpf_spin_unlock(&r->lock->lock);
		tg_copy_end(end, r->client, 0, &r->copy, 0);
		return tg_reply_pass(r);
	}
	query_start = r->client->query_start;
	transaction_start = r->client->transaction_start;
	last = tg_reply_commit(r);
	if (last)
		server->flags |= TG_FINISHING;
	bpf_spin_unlock(&r->lock->lock);
	tg_copy_end(end, r->client, r->client_slot, &r->copy, r->now);
	if (tg_reply_redirect(r) != SK_PASS)
		return tg_reply_undo(r, &frame, status);
	tg_reply_statistics(r, query_start, transaction_start);
	if (!last)
		return SK_PASS;
	if (bpf_msg_push_data(r->msg, size, TG_EXTRA, 0))
		return tg_reply_unfinished(r);
	bpf_msg_apply_bytes(r->msg, size);
	return SK_PASS;
}

/* The server for the next in the queue, or for the idle list, or for C#. Lock held. */
static __always_inline void tg_release_locked(struct tg_replier *r, struct tg_release *release)
{
	struct tg_server *server = r->server;
	struct tg_client *client = tg_client(r->all, server->client), *next;
	struct tg_pool *pool = r->pool;
	__u32 first;

	if (server->generation != r->generation)
		return;
	server->flags &= ~TG_FINISHING;
	if (server->state != TG_SERVER_LINKED || client->owed || client->open || client->remaining)
		return;
	tg_unlink(client, server);
	client->state = TG_CLIENT_IDLE;
	server->last_used = r->now;
	first = pool->waiting_first;
	next = tg_client(r->all, first);
	if (server->cancels || server->flags & TG_RECALL || pool->flags & TG_PAUSED ||
	    (first &&
	     (next->state != TG_CLIENT_WAITING || !tg_suits(server, next->profile, &next->needs) ||
	      (r->arrived && !r->roomy)))) {
		server->state = TG_SERVER_PARKED;
		release->outcome = TG_COUNT_PARK;
	} else if (!first) {
		tg_idle_push(r->all, pool, r->slot);
		release->outcome = TG_COUNT_RELEASE;
	} else {
		tg_queue_remove(r->all, pool, first);
		tg_link(next, first, server, r->slot, r->now);
		tg_grant(next, server);
		next->flags |= TG_UNCONFIRMED | (r->arrived ? TG_ASKED : 0);
		server->sent = r->sent + next->request_length;
		release->outcome = TG_COUNT_GRANT;
		release->block = next->block;
		release->length = next->request_length;
		release->client = first;
		release->client_generation = next->generation;
		release->waiting_since = next->waiting_since;
	}
}

/* Makes the one byte of the message the waiting request. 0 when that worked. */
static __always_inline int tg_inject_copy(struct sk_msg_md *msg, __u32 number, __u32 length)
{
	struct tg_block *block;
	__u8 *data, *end;
	__u32 i, from;

	block = bpf_map_lookup_elem(&blocks, &number);
	if (!block || length <= TG_EXTRA || length > TG_BLOCK)
		return -1;
	if (bpf_msg_push_data(msg, TG_EXTRA, length - TG_EXTRA, 0))
		return -1;
	if (bpf_msg_pull_data(msg, 0, length, 0))
		return -1;
	data = msg->data;
	end = msg->data_end;
	for (i = 0; i < TG_BLOCK / 8; i++) {
		if (data + 8 > end)
			break;
		*(__u64 *)data = *(__u64 *)(block->data + 8 * i);
		data += 8;
	}
	from = length & (TG_BLOCK - 8);
	for (i = 0; i < 7; i++) {
		if (data + 1 > end)
			break;
		*data = block->data[from + i];
		data++;
	}
	return 0;
}

/* The request of the client that has waited longest, into the server's own receive queue, or as if
 * C# had sent it. */
static __always_inline int tg_inject(struct tg_replier *r, struct tg_release *release)
{
	struct tg_client *client = tg_client(r->all, release->client);
	__u64 key = tg_sender_key(r);

	if (!tg_inject_copy(r->msg, release->block - 1, release->length)) {
		tg_count(TG_COUNT_GRANT);
		return bpf_msg_redirect_hash(r->msg, &sockets, &key,
					     r->arrived ? 0 : BPF_F_INGRESS);
	}
	tg_count(TG_COUNT_NO_MEMORY);
	bpf_spin_lock(&r->lock->lock);
	if (client->generation == release->client_generation) {
		client->flags &= ~TG_UNCONFIRMED;
		client->flags |= TG_BY_TCP | TG_TO_SEND;
	}
	bpf_spin_unlock(&r->lock->lock);
	tg_tell(TG_EVENT_TO_SEND, release->client, release->client_generation);
	return SK_DROP;
}

static __always_inline void tg_wait_statistics(struct tg_replier *r,
					       const struct tg_release *release)
{
	struct tg_statistics *sum = tg_statistics(r->server->pool);

	if (!sum)
		return;
	tg_add_time(&sum->wait_time, sum->wait_times, release->waiting_since, r->now);
	sum->assignments++;
}

/* The reply has been delivered: the second run, for the extra byte. */
static __noinline int tg_reply_finish(struct tg_replier *r)
{
	struct tg_release release = {};
	__u64 key = tg_sender_key(r);

	/* Kept by the kernel from the first run; what is left would be applied to the server's next
	 * send. */
	bpf_msg_apply_bytes(r->msg, 0);
	r->now = bpf_ktime_get_ns();
	if (r->arrived) {
		r->roomy = tg_has_room(r->server->side);
		r->sent = tg_tcp_sock(r->server->side)->write_seq;
	}
	bpf_spin_lock(&r->lock->lock);
	tg_release_locked(r, &release);
	bpf_spin_unlock(&r->lock->lock);
	if (release.outcome == TG_COUNT_GRANT) {
		tg_wait_statistics(r, &release);
		if (tg_inject(r, &release) == SK_PASS)
			return SK_PASS;
	} else if (release.outcome) {
		tg_count(release.outcome);
		if (release.outcome == TG_COUNT_PARK)
			tg_tell(TG_EVENT_PARKED, r->slot, r->generation);
	}
	/* Nothing to deliver: an empty message, to the socket's own connection, where it is not
	 * even a packet. As it is, it would go to the client again and wake it for nothing. */
	bpf_msg_pop_data(r->msg, 0, r->msg->size, 0);
	bpf_msg_redirect_hash(r->msg, &sockets, &key, 0);
	return SK_PASS;
}

/* The kernel runs the program again for the rest of a send. */
static __always_inline int tg_reply_again(struct tg_replier *r)
{
	__u32 size = r->msg->size;

	/* It is in the middle of its send: the client is the one the send began with. */
	r->client_slot = r->server->client;
	r->client_generation = tg_client(r->all, r->client_slot)->generation;
	r->remote = tg_client(r->all, r->client_slot)->flags & TG_REMOTE;
	if (!(r->server->flags & TG_FINISHING)) {
		tg_count(TG_COUNT_RESUMED_SEND);
		return r->server->state == TG_SERVER_LINKED ? tg_reply_redirect(r)
							    : tg_reply_pass(r);
	}
	if (size == TG_EXTRA)
		return tg_reply_finish(r);
	/* It had memory for a part of the last reply only. */
	tg_count(TG_COUNT_RESUMED_SEND);
	bpf_msg_apply_bytes(r->msg, size - TG_EXTRA);
	return tg_reply_redirect(r);
}

/* An idle server speaks: C# has to hear it before anybody gets the server. */
static __always_inline int tg_reply_unasked(struct tg_replier *r)
{
	__u32 was;

	bpf_spin_lock(&r->lock->lock);
	was = r->server->generation == r->generation ? r->server->state : TG_SERVER_FREE;
	if (was == TG_SERVER_IDLE) {
		tg_idle_remove(r->all, r->pool, r->slot);
		r->server->state = TG_SERVER_PARKED;
	}
	bpf_spin_unlock(&r->lock->lock);
	if (was == TG_SERVER_IDLE) {
		tg_count(TG_COUNT_UNASKED);
		tg_tell(TG_EVENT_PARKED, r->slot, r->generation);
	}
	return tg_reply_pass(r);
}

/* The connection is broken, and what came last with it: whoever waits for more is told by C#, which
 * hears of that by itself. */
static __always_inline int tg_reply_broken(struct tg_replier *r)
{
	bpf_spin_lock(&r->lock->lock);
	r->client_slot = r->server->client;
	if (r->server->generation == r->generation) {
		r->server->flags &= ~TG_FINISHING;
		if (r->server->state == TG_SERVER_LINKED)
			tg_give_up(tg_client(r->all, r->client_slot), r->server);
	}
	bpf_spin_unlock(&r->lock->lock);
	tg_count(TG_COUNT_ESCAPE_GONE);
	return tg_arrival_lose(r->msg);
}

static __always_inline int tg_reply(struct sk_msg_md *msg, struct tg_slots *all,
				    struct tg_socket *socket)
{
	struct tg_replier r = {.msg = msg,
			       .all = all,
			       .slot = socket->end.slot,
			       .generation = socket->end.generation,
			       .arrived = socket->end.kind != TG_END_SERVER,
			       .walk = &socket->walk};
	struct sk_msg *kernel_msg;

	r.server = tg_server(all, r.slot);
	if (r.server->generation != r.generation)
		return r.arrived ? tg_arrival_lose(msg) : SK_PASS;
	r.pool = tg_pool(all, r.server->pool);
	r.lock = tg_lock_of(r.server->pool);
	if (!r.lock)
		return r.arrived ? tg_arrival_lose(msg) : SK_PASS;
	if (r.arrived && !tg_is_connected(r.server->side))
		return tg_reply_broken(&r);
	kernel_msg = bpf_cast_to_kern_ctx(msg);
	if (kernel_msg->sk_redir)
		return tg_reply_again(&r);
	switch (r.server->state) {
	case TG_SERVER_LINKED:
		return tg_reply_linked(&r);
	case TG_SERVER_IDLE:
		return tg_reply_unasked(&r);
	default:
		return tg_reply_pass(&r);
	}
}

#endif
