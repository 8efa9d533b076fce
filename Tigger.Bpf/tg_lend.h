/* SPDX-License-Identifier: MIT */
/*
 * A request of a client's: what it is, its copy for mirrors, and a server or a place in the queue
 * for it. What is done with it then stands in tg_request.h.
 */
#ifndef TIGGER_TG_LEND_H
#define TIGGER_TG_LEND_H

/* What became of a request for a server. */
enum tg_lending {
	TG_LENT = 0,
	TG_MUST_WAIT = 1,
	TG_WAITS = 2,
	/* C# has changed the client's state meanwhile. */
	TG_TAKEN_AWAY = 3,
	TG_AGAIN = 4,
	/* Any other value: the reason why C# has to lend the server, a TG_COUNT_ESCAPE_. */
};

struct tg_requester {
	struct sk_msg_md *msg;
	struct tg_slots *all;
	struct tg_client *client;
	struct tg_pool *pool;
	struct tg_lock *lock;
	struct tg_walk *walk;
	__u64 remote; /* C#'s end of the connection of a client on another host; 0: of this host */
	__u32 size;
	__u32 slot;
	__u32 generation;
	__u32 server;
	__u32 server_generation;
	__u32 far;     /* the server is on another host */
	__u32 arrived; /* the client is */
	__u32 walked;  /* the send has been */
	__u32 block;   /* number + 1 */
	__u32 copy;    /* number of the record for mirrors; 0: none */
	__u32 copied;  /* that record has been made */
	__u64 now;
};

/* The send is for C#. Safe only as long as no redirection was asked for in this send. */
static __always_inline int tg_request_pass(struct tg_requester *r)
{
	__u64 key = tg_side_key(tg_client_key(r->slot, r->generation));

	if (!r->arrived)
		return tg_client_up(r->msg, r->client, r->slot, r->generation);
	return tg_arrival_up(r->msg, key);
}

static __always_inline int tg_request_up(struct tg_requester *r, __u32 reason)
{
	tg_count(reason);
	/* C# does not watch for what arrives. */
	if (r->arrived)
		tg_tell(TG_EVENT_TAKEN, r->slot, r->generation);
	return tg_request_pass(r);
}

/* Whether C# has read everything that went to it before, and answered it. */
static __always_inline int tg_is_request_next(const struct tg_requester *r)
{
	return tg_is_answered(r->client, r->client->side) &&
	       (r->arrived ? !tg_has_redirected(r->client->side) : tg_is_clean(r->client));
}

static __always_inline void tg_request_position(struct tg_requester *r)
{
	const struct tg_client *client = r->client;

	__builtin_memset(r->walk, 0, sizeof(*r->walk));
	r->walk->pool_flags = r->pool->flags;
	r->walk->open = client->open;
	r->walk->frame.max_length = r->pool->max_message;
	r->walk->naming.key.slot = r->slot;
	r->walk->naming.key.generation = r->generation;
	if (client->owed || client->open)
		r->walk->naming.needs = client->needs;
	if (client->remaining) {
		r->walk->frame.header_bytes = PG_FRAME_HEADER_SIZE;
		r->walk->frame.remaining = client->remaining;
		/* More than what remains: its first byte has gone by. */
		r->walk->frame.body_length = client->remaining + 1;
	}
}

static __always_inline void tg_request_walk(struct tg_requester *r)
{
	/* A link that has ended since left nothing open; and names are changed by now. */
	if (r->walked)
		return;
	r->walked = 1;
	tg_request_position(r);
	tg_walk_message(r->msg, r->walk);
	if (!r->walk->escape && r->walk->frame.header_bytes &&
	    r->walk->frame.header_bytes < PG_FRAME_HEADER_SIZE)
		r->walk->escape = TG_COUNT_ESCAPE_SPLIT;
	r->walk->escape = tg_copy_refusal(r->client, r->walk, r->size);
}

/* Whether the send is complete in itself: the server will have answered all of it when it is ready
 * again. */
static __always_inline int tg_is_complete(const struct tg_walk *walk)
{
	return !walk->frame.header_bytes && !walk->open && walk->owed &&
	       (walk->last_type == 'Q' || walk->last_type == 'S' || walk->last_type == 'F');
}

static __always_inline struct tg_copier tg_copier(const struct tg_requester *r)
{
	return (struct tg_copier){.client = r->client,
				  .slot = r->slot,
				  .sequence = r->copy,
				  .size = r->size,
				  .now = r->now};
}

static __always_inline void tg_request_copy(struct tg_requester *r)
{
	struct tg_copier copier = tg_copier(r);

	if (r->copy && !r->copied)
		tg_copy_message(r->msg, &copier);
	r->copied = 1;
}

static __always_inline void tg_request_copy_note(struct tg_requester *r)
{
	struct tg_copier copier = tg_copier(r);

	if (r->copy)
		tg_copy_note(&copier, r->copied ? TG_COPY_LOST : TG_COPY_NOTHING);
}

/* C# serves otherwise what has been copied, if it has been: twice the same would not be what the
 * client sent. Lock held; tg_request_copy_note follows. */
static __always_inline void tg_request_uncopy(struct tg_requester *r)
{
	if (r->copied)
		r->copy = r->copy ? tg_copy_next(r->client) : 0;
}

/* Takes the walk's result over. Lock held. */
static __always_inline void tg_request_commit(struct tg_requester *r, struct tg_server *server)
{
	struct tg_client *client = r->client;

	if (r->walk->owed)
		client->answered = 0;
	client->needs = r->walk->naming.needs;
	tg_use_statements(server, &client->needs);
	client->head_extended = !client->owed && r->walk->owed == 1 ? r->walk->head_extended : 0;
	client->owed += r->walk->owed;
	client->open = r->walk->open;
	client->remaining = r->walk->frame.header_bytes ? r->walk->frame.remaining : 0;
	client->requested_at = r->now;
	client->flags &= ~(TG_UNCLEAN | TG_DUE | TG_KEPT);
	r->copy = tg_copy_next(client);
	/* A worker of the kernel is going to put it in the server's queue. */
	if (r->remote)
		client->flags |= TG_UNCONFIRMED;
	if (!client->query_start)
		client->query_start = r->now;
	/* Session pooling: a link is longer than a transaction. */
	if (!client->transaction_start)
		client->transaction_start = r->now;
}

/* A copy in a block stays there while the server has the request. Lock held. */
static __always_inline void tg_request_keep(struct tg_requester *r)
{
	if (!r->block)
		return;
	r->client->block = r->block;
	r->client->request_length = r->size;
	r->client->flags |= TG_KEPT;
}

/* An idle server for an idle client, or its place in the queue once its request is in a block. Lock
 * held. */
static __always_inline __u32 tg_lend_locked(struct tg_requester *r)
{
	struct tg_client *client = r->client;
	struct tg_pool *pool = r->pool;
	struct tg_server *server;
	__u32 found;

	if (client->state != TG_CLIENT_IDLE || client->generation != r->generation)
		return TG_TAKEN_AWAY;
	if (pool->flags & TG_TO_USER)
		return TG_COUNT_ESCAPE_NO_SERVER;
	client->waiting_since = r->now;
	if (!(pool->flags & TG_PAUSED) && !pool->waiting_first && pool->idle_first) {
		found = tg_idle_find(r->all, pool, client->profile, &r->walk->naming.needs);
		if (!found)
			return r->walk->naming.needs.count ? TG_COUNT_ESCAPE_STATEMENT
							   : TG_COUNT_ESCAPE_PROFILE;
		server = tg_server(r->all, found);
		/* A server released after the clock was read has a time to come. */
		if (pool->check_delay &&
		    (__s64)(r->now - server->last_used) > (__s64)pool->check_delay)
			return TG_COUNT_ESCAPE_STALE;
		tg_idle_remove(r->all, pool, found);
		tg_link(client, r->slot, server, found, r->now);
		tg_request_commit(r, server);
		tg_request_keep(r);
		r->server = found;
		r->server_generation = server->generation;
		return TG_LENT;
	}
	if (!r->block)
		return TG_MUST_WAIT;
	client->state = TG_CLIENT_WAITING;
	client->flags &= ~(TG_UNCLEAN | TG_DUE);
	client->block = r->block;
	client->request_length = r->size;
	client->request_owed = r->walk->owed;
	client->request_extended = r->walk->owed == 1 ? r->walk->head_extended : 0;
	client->requested_at = r->now;
	client->needs = r->walk->naming.needs;
	r->copy = tg_copy_next(client);
	tg_queue_append(r->all, pool, r->slot);
	return TG_WAITS;
}

static __always_inline __u32 tg_lend(struct tg_requester *r)
{
	__u32 outcome;

	bpf_spin_lock(&r->lock->lock);
	outcome = tg_lend_locked(r);
	if (outcome > TG_AGAIN)
		r->client->state = TG_CLIENT_USER;
	bpf_spin_unlock(&r->lock->lock);
	return outcome;
}

/*
 * Leaves the client to C# if the kernel still has it, with its link if there is one. A client that
 * waits keeps its place in the queue; C# keeps what it sends now, and sends what waits.
 */
static __always_inline void tg_request_leave(struct tg_requester *r)
{
	struct tg_client *client = r->client;

	bpf_spin_lock(&r->lock->lock);
	if (client->generation != r->generation) {
		/* The session is over. */
	} else if (client->state == TG_CLIENT_IDLE) {
		client->state = TG_CLIENT_USER;
	} else if (client->state == TG_CLIENT_LINKED) {
		tg_give_up(client, tg_server(r->all, client->server));
	} else if (client->state == TG_CLIENT_WAITING) {
		client->state = TG_CLIENT_USER_WAITING;
		client->flags |= TG_TO_SEND;
	}
	tg_request_uncopy(r);
	bpf_spin_unlock(&r->lock->lock);
	tg_request_copy_note(r);
}

static __always_inline int tg_request_escape(struct tg_requester *r, __u32 reason)
{
	tg_request_leave(r);
	return tg_request_up(r, reason);
}

#endif
