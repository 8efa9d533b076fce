/* SPDX-License-Identifier: MIT */
/*
 * The calls by which C# changes the slots, each one critical section under the lock of the pool.
 * Contexts and results are in tg_state.h.
 */
#ifndef TIGGER_TG_CALLS_H
#define TIGGER_TG_CALLS_H

/* What a call is about: a client or a server, and its pool. */
struct tg_place {
	struct tg_slots *all;
	struct tg_client *client;
	struct tg_server *server;
	struct tg_pool *pool;
	struct tg_lock *lock;
};

static __always_inline int tg_find_client(struct tg_client_call *call, struct tg_place *at)
{
	call->result = TG_STALE;
	at->all = tg_slots();
	if (!at->all)
		return 0;
	at->client = tg_client(at->all, call->slot);
	at->pool = tg_pool(at->all, at->client->pool);
	at->lock = tg_lock_of(at->client->pool);
	return at->lock && at->client->generation == call->generation;
}

static __always_inline int tg_find_server(struct tg_server_call *call, struct tg_place *at)
{
	call->result = TG_STALE;
	at->all = tg_slots();
	if (!at->all)
		return 0;
	at->server = tg_server(at->all, call->slot);
	at->pool = tg_pool(at->all, at->server->pool);
	at->lock = tg_lock_of(at->server->pool);
	return at->lock && at->server->generation == call->generation;
}

/* Nothing is on its way between C# and a server that the kernel can have. */
static __always_inline int tg_is_at_rest(const struct tg_server *server)
{
	return server->flags & TG_SERVER_REMOTE ? tg_is_far_server_clean(server)
						: tg_is_server_clean(server);
}

/* The worker that delivers what arrives from another host has given up: no release will follow. */
static __always_inline int tg_is_stuck(const struct tg_server *server)
{
	return server->flags & TG_SERVER_REMOTE && !tg_is_moving(server->side);
}

static __always_inline void tg_server_at_rest(struct tg_server *server)
{
	__builtin_memset(&server->frame, 0, sizeof(server->frame));
	server->flags &= ~(TG_RECALL | TG_FINISHING);
	server->last_type = 0;
	server->status = 'I';
}

enum tg_prepare_limit {
	TG_MOST_PREPARED = 65536,
};

static long tg_prepare_client(__u32 index, struct tg_prepare_call *call)
{
	__u32 slot = index + 1;

	if (slot >= call->clients)
		return 1;
	return bpf_map_push_elem(&free_clients, &slot, 0) != 0;
}

static long tg_prepare_block(__u32 index, struct tg_prepare_call *call)
{
	if (index >= call->blocks)
		return 1;
	return bpf_map_push_elem(&free_blocks, &index, 0) != 0;
}

SEC("syscall")
int tigger_prepare(struct tg_prepare_call *call)
{
	struct tg_prepare_call wanted = *call;

	bpf_loop(TG_MOST_PREPARED, tg_prepare_client, &wanted, 0);
	bpf_loop(TG_MOST_PREPARED, tg_prepare_block, &wanted, 0);
	call->result = TG_DONE;
	return 0;
}

static __always_inline __u32 tg_claim_connection(struct tg_claim_call *call, struct tg_slots *all)
{
	struct tg_pair pair = call->pair;
	struct tg_end *found = bpf_map_lookup_elem(&connections, &pair), end;
	struct tg_lock *lobby = tg_lock_of(0);
	struct tg_client *client;
	__u32 result = TG_MISSING;

	if (!found || !lobby)
		return TG_MISSING;
	end = *found;
	bpf_map_delete_elem(&connections, &pair);
	client = tg_client(all, end.slot);
	bpf_spin_lock(&lobby->lock);
	if (client->generation == end.generation && !(client->flags & TG_GONE)) {
		client->flags |= TG_CLAIMED;
		client->pool = call->pool;
		result = TG_DONE;
	}
	bpf_spin_unlock(&lobby->lock);
	call->slot = end.slot;
	call->generation = end.generation;
	return result;
}

SEC("syscall")
int tigger_claim(struct tg_claim_call *call)
{
	struct tg_slots *all = tg_slots();
	struct tg_client *client;
	__u32 slot;

	call->result = TG_MISSING;
	if (!all)
		return 0;
	if (call->use_pair) {
		call->result = tg_claim_connection(call, all);
		return 0;
	}
	if (bpf_map_pop_elem(&free_clients, &slot))
		return 0;
	client = tg_client(all, slot);
	client->sock = client->side = 0;
	client->pool = call->pool;
	client->flags = TG_CLAIMED;
	client->state = TG_CLIENT_USER;
	call->slot = slot;
	call->generation = client->generation;
	call->result = TG_DONE;
	return 0;
}

/* The session is over: the slot is another's from now on. */
SEC("syscall")
int tigger_unclaim(struct tg_client_call *call)
{
	struct tg_place at;
	struct tg_server *server;

	if (!tg_find_client(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation == call->generation) {
		if (tg_is_waiting(at.client))
			tg_queue_remove(at.all, at.pool, call->slot);
		if (at.client->server) {
			server = tg_server(at.all, at.client->server);
			tg_unlink(at.client, server);
			server->state = TG_SERVER_USER;
		}
		at.client->state = TG_CLIENT_FREE;
		at.client->generation++;
		at.client->flags = 0;
		at.client->pool = 0;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	if (call->result == TG_DONE)
		tg_free_client(at.client, call->slot);
	return 0;
}

static __always_inline int tg_has_both_ends(const struct tg_client *client)
{
	return client->flags & TG_PRESENT && client->flags & TG_SIDE;
}

/* The kernel may have the client, and the server that stays with it, from its next send on that
 * finds both clean. */
SEC("syscall")
int tigger_arm(struct tg_client_call *call)
{
	struct tg_place at;
	struct tg_server *server;
	int clean, passing;
	__u32 due;

	if (!tg_find_client(call, &at))
		return 0;
	server = tg_server(at.all, call->server);
	clean = !call->server || tg_is_at_rest(server);
	due = call->answer ? tg_tcp_sock(at.client->side)->write_seq + call->answer : 0;
	/* What the program has passed up and C# cannot have read yet. */
	passing = call->remote && at.client->side && tg_backlog(at.client->side);
	/* An answer by TCP is read behind what was redirected, and some event loops would not look
	   for it there. */
	if (call->answer && (!at.client->side || (!call->remote && tg_unread(at.client->sock))))
		passing = 1;
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation != call->generation || at.client->state != TG_CLIENT_USER ||
	    (!call->remote && !tg_has_both_ends(at.client)) || at.client->flags & TG_GONE) {
		call->result = TG_MISSING;
	} else if (passing ||
		   (call->server && (!clean || server->generation != call->server_generation ||
				     server->state != TG_SERVER_USER || server->client))) {
		call->result = TG_DIRTY;
	} else {
		tg_unlink(at.client, server);
		at.client->flags &= ~(TG_SENT | TG_COPIED | TG_DUE);
		at.client->flags |= (call->flags & TG_COPIED) | TG_UNCLEAN |
				    (call->remote ? TG_REMOTE : 0) |
				    (call->remote > 1 ? TG_SIDE : 0) | (call->answer ? TG_DUE : 0);
		at.client->due = due;
		at.client->busy = at.client->rows = at.client->replied = 0;
		at.client->profile = call->profile;
		at.client->state = TG_CLIENT_IDLE;
		if (call->server) {
			tg_server_at_rest(server);
			server->profile = call->profile;
			server->state = TG_SERVER_LINKED;
			server->client = call->slot;
			at.client->state = TG_CLIENT_LINKED;
			at.client->server = call->server;
		}
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/*
 * C# takes the client, with its server if it has one; a waiting client keeps its place. Also
 * collects a link that a program has given up.
 */
SEC("syscall")
int tigger_take(struct tg_client_call *call)
{
	struct tg_place at;
	struct tg_server *server;
	__u32 looked_at;
	int stuck;

	if (!tg_find_client(call, &at))
		return 0;
	looked_at = at.client->server;
	stuck = looked_at && tg_is_stuck(tg_server(at.all, looked_at));
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation != call->generation)
		goto out;
	server = tg_server(at.all, at.client->server);
	if (stuck && looked_at == at.client->server)
		server->flags &= ~TG_FINISHING;
	if (at.client->server && server->flags & TG_FINISHING) {
		call->result = TG_RETRY;
		goto out;
	}
	call->state = at.client->state;
	call->flags = at.client->flags;
	call->block = at.client->block;
	call->server = at.client->server;
	call->server_generation = server->generation;
	call->result = TG_DONE;
	at.client->flags &= ~TG_TO_SEND;
	if (at.client->server) {
		/* What was counted stays to be read. */
		tg_give_up(at.client, server);
		at.client->server = TG_NONE;
		server->client = TG_NONE;
	} else if (at.client->state == TG_CLIENT_WAITING) {
		at.client->state = TG_CLIENT_USER_WAITING;
	} else if (at.client->state == TG_CLIENT_IDLE) {
		at.client->state = TG_CLIENT_USER;
	}
out:
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/* An idle server for a session of C#, or a place in the queue. */
SEC("syscall")
int tigger_wait(struct tg_client_call *call)
{
	const struct tg_needs none = {};
	struct tg_place at;
	struct tg_server *server;
	__u64 now = bpf_ktime_get_ns();
	__u32 found;

	if (!tg_find_client(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation != call->generation || at.client->state != TG_CLIENT_USER)
		goto out;
	/* One that comes back to the head of the queue has waited since it came to its end. */
	if (!call->first || !at.client->waiting_since)
		at.client->waiting_since = now;
	if (call->first) {
		tg_queue_prepend(at.all, at.pool, call->slot);
	} else if (!(at.pool->flags & TG_PAUSED) && !at.pool->waiting_first &&
		   at.pool->idle_first) {
		found = tg_idle_find(at.all, at.pool, call->profile, &none);
		/* Its parameters are going to change: one used last is sooner wanted as it is. */
		if (!found)
			found = at.pool->idle_last;
		server = tg_server(at.all, found);
		tg_idle_remove(at.all, at.pool, found);
		server->state = TG_SERVER_USER;
		call->server = found;
		call->server_generation = server->generation;
		call->result = TG_DONE;
		goto out;
	} else {
		tg_queue_append(at.all, at.pool, call->slot);
	}
	at.client->state = TG_CLIENT_USER_WAITING;
	at.client->profile = call->profile;
	call->result = TG_QUEUED;
out:
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

SEC("syscall")
int tigger_stop_waiting(struct tg_client_call *call)
{
	struct tg_place at;

	if (!tg_find_client(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation == call->generation && tg_is_waiting(at.client)) {
		tg_queue_remove(at.all, at.pool, call->slot);
		at.client->state = TG_CLIENT_USER;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/*
 * C# is about to send the request of a client that the kernel linked to a server of C#. Said
 * before: at once there may be the answer, and the client's next request in the block, to be sent
 * by somebody else.
 */
SEC("syscall")
int tigger_begin_send(struct tg_client_call *call)
{
	struct tg_place at;

	if (!tg_find_client(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.client->generation == call->generation && at.client->state == TG_CLIENT_LINKED &&
	    at.client->flags & TG_TO_SEND) {
		at.client->flags &= ~TG_TO_SEND;
		call->server = at.client->server;
		call->server_generation = tg_server(at.all, at.client->server)->generation;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	if (call->result == TG_DONE)
		tg_count(TG_COUNT_HANDED_ON);
	return 0;
}

/* Lends a server of C# to the first client in the queue, or makes it idle. */
SEC("syscall")
int tigger_hand_on(struct tg_server_call *call)
{
	struct tg_place at;
	struct tg_client *first;
	__u64 now;
	int clean, ours;

	if (!tg_find_server(call, &at))
		return 0;
	now = bpf_ktime_get_ns();
	if (call->remote)
		__sync_fetch_and_or(&at.server->flags, TG_SERVER_REMOTE);
	ours = at.server->flags & TG_SERVER_SIDE &&
	       at.server->flags & (TG_SERVER_PRESENT | TG_SERVER_REMOTE);
	clean = !call->profile || !ours || tg_is_at_rest(at.server);
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation != call->generation || at.server->state != TG_SERVER_USER ||
	    at.server->client)
		goto out;
	if (!clean) {
		call->result = TG_DIRTY;
		goto out;
	}
	if (call->only_idle && at.pool->waiting_first) {
		call->result = TG_QUEUED;
		goto out;
	}
	at.server->profile = ours ? call->profile : 0;
	at.server->last_used = now;
	tg_server_at_rest(at.server);
	call->client = at.pool->waiting_first;
	first = tg_client(at.all, call->client);
	call->client_generation = first->generation;
	if (!call->client || at.pool->flags & TG_PAUSED) {
		tg_idle_push(at.all, at.pool, call->slot);
		call->result = TG_IDLE;
		goto out;
	}
	tg_queue_remove(at.all, at.pool, call->client);
	if (first->state == TG_CLIENT_WAITING && at.server->profile &&
	    tg_suits(at.server, first->profile, &first->needs)) {
		tg_link(first, call->client, at.server, call->slot, now);
		tg_grant(first, at.server);
		first->flags |= TG_BY_TCP | TG_TO_SEND;
		call->result = TG_GRANTED;
	} else {
		/* One whose request is still in its block tells by TG_TO_SEND. */
		if (first->state == TG_CLIENT_WAITING)
			first->flags |= TG_TO_SEND;
		first->state = TG_CLIENT_USER;
		call->result = TG_GRANTED_USER;
	}
out:
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/* C# takes a server off the idle list, or with its client: then it is the client's session that
 * goes on with both. */
SEC("syscall")
int tigger_take_server(struct tg_server_call *call)
{
	struct tg_place at;
	int stuck;

	if (!tg_find_server(call, &at))
		return 0;
	stuck = tg_is_stuck(at.server);
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation != call->generation ||
	    (call->state && call->state != at.server->state))
		goto out;
	if (stuck)
		at.server->flags &= ~TG_FINISHING;
	call->state = at.server->state;
	call->client = at.server->client;
	call->client_generation = tg_client(at.all, call->client)->generation;
	call->result = TG_DONE;
	if (at.server->state == TG_SERVER_LINKED) {
		if (at.server->flags & TG_FINISHING)
			call->result = TG_RETRY;
		else
			tg_give_up(tg_client(at.all, call->client), at.server);
	} else if (at.server->state == TG_SERVER_IDLE) {
		tg_idle_remove(at.all, at.pool, call->slot);
		at.server->state = TG_SERVER_USER;
	} else if (at.server->state == TG_SERVER_PARKED) {
		at.server->state = TG_SERVER_USER;
	}
out:
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/* C# wants the server when its transaction is over. */
SEC("syscall")
int tigger_recall(struct tg_server_call *call)
{
	struct tg_place at;

	if (!tg_find_server(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation == call->generation) {
		call->state = at.server->state;
		if (at.server->state == TG_SERVER_LINKED)
			at.server->flags |= TG_RECALL;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

/* A cancel request for what the server does for this client is about to be sent: it is not lent on
 * before it has arrived. */
SEC("syscall")
int tigger_cancel_begin(struct tg_server_call *call)
{
	struct tg_place at;

	if (!tg_find_server(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation == call->generation && at.server->state == TG_SERVER_LINKED &&
	    at.server->client == call->client && !(at.server->flags & TG_FINISHING)) {
		at.server->cancels++;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

SEC("syscall")
int tigger_cancel_end(struct tg_server_call *call)
{
	struct tg_place at;

	if (!tg_find_server(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation == call->generation && at.server->cancels) {
		at.server->cancels--;
		call->state = at.server->state;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

static __always_inline int tg_is_settled(__u64 side)
{
	return !side || !tg_backlog(side) || !tg_is_moving(side);
}

/* TG_RETRY: a worker of the kernel has yet to move what has arrived from the client, or the server,
 * on another host. */
SEC("syscall")
int tigger_settle(struct tg_client_call *call)
{
	struct tg_slots *all = tg_slots();
	struct tg_client *client;
	struct tg_server *server;

	call->result = TG_DONE;
	if (!all)
		return 0;
	client = tg_client(all, call->slot);
	if (call->slot && client->generation == call->generation && client->flags & TG_REMOTE &&
	    !tg_is_settled(client->side))
		call->result = TG_RETRY;
	server = tg_server(all, call->server);
	if (call->server && server->generation == call->server_generation &&
	    server->flags & TG_SERVER_REMOTE && !tg_is_settled(server->side))
		call->result = TG_RETRY;
	return 0;
}

/* The connection is closed: the slot is free. */
SEC("syscall")
int tigger_forget(struct tg_server_call *call)
{
	struct tg_place at;
	struct tg_client *client;

	if (!tg_find_server(call, &at))
		return 0;
	bpf_spin_lock(&at.lock->lock);
	if (at.server->generation == call->generation) {
		if (at.server->state == TG_SERVER_IDLE)
			tg_idle_remove(at.all, at.pool, call->slot);
		call->client = at.server->client;
		client = tg_client(at.all, call->client);
		call->client_generation = client->generation;
		if (call->client) {
			client->state = TG_CLIENT_USER;
			tg_unlink(client, at.server);
		}
		at.server->state = TG_SERVER_FREE;
		at.server->generation++;
		at.server->flags = 0;
		call->result = TG_DONE;
	}
	bpf_spin_unlock(&at.lock->lock);
	return 0;
}

#endif
