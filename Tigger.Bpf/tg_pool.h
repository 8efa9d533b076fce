/* SPDX-License-Identifier: MIT */
/*
 * A pool's idle list and its queue of waiting clients: lists through the slots, so that no number
 * of clients overflows them and each can leave from the middle. Every function here is called with
 * the pool's lock held, where no helper may be called.
 */
#ifndef TIGGER_TG_POOL_H
#define TIGGER_TG_POOL_H

enum tg_pool_search {
	/* Idle servers looked at for one with the client's parameters. */
	TG_IDLE_LOOKED_AT = 8,
};

static __always_inline void tg_queue_append(struct tg_slots *all, struct tg_pool *pool, __u32 slot)
{
	struct tg_client *client = tg_client(all, slot);

	client->next = TG_NONE;
	client->previous = pool->waiting_last;
	if (pool->waiting_last)
		tg_client(all, pool->waiting_last)->next = slot;
	else
		pool->waiting_first = slot;
	pool->waiting_last = slot;
	pool->waiting_count++;
}

static __always_inline void tg_queue_prepend(struct tg_slots *all, struct tg_pool *pool, __u32 slot)
{
	struct tg_client *client = tg_client(all, slot);

	client->previous = TG_NONE;
	client->next = pool->waiting_first;
	if (pool->waiting_first)
		tg_client(all, pool->waiting_first)->previous = slot;
	else
		pool->waiting_last = slot;
	pool->waiting_first = slot;
	pool->waiting_count++;
}

static __always_inline void tg_queue_remove(struct tg_slots *all, struct tg_pool *pool, __u32 slot)
{
	struct tg_client *client = tg_client(all, slot);

	if (client->previous)
		tg_client(all, client->previous)->next = client->next;
	else
		pool->waiting_first = client->next;
	if (client->next)
		tg_client(all, client->next)->previous = client->previous;
	else
		pool->waiting_last = client->previous;
	client->next = client->previous = TG_NONE;
	pool->waiting_count--;
}

/* Whether a server can be lent as it is. */
static __always_inline int tg_suits(const struct tg_server *server, __u64 profile,
				    const struct tg_needs *needs)
{
	return server->profile == profile && tg_has_statements(server, needs);
}

static __always_inline int tg_is_waiting(const struct tg_client *client)
{
	return client->state == TG_CLIENT_WAITING || client->state == TG_CLIENT_USER_WAITING;
}

static __always_inline void tg_idle_push(struct tg_slots *all, struct tg_pool *pool, __u32 slot)
{
	struct tg_server *server = tg_server(all, slot);

	server->state = TG_SERVER_IDLE;
	server->client = TG_NONE;
	if (pool->flags & TG_ROUND_ROBIN) {
		server->next = TG_NONE;
		server->previous = pool->idle_last;
		if (pool->idle_last)
			tg_server(all, pool->idle_last)->next = slot;
		else
			pool->idle_first = slot;
		pool->idle_last = slot;
	} else {
		/* The one used last is the warmest. */
		server->previous = TG_NONE;
		server->next = pool->idle_first;
		if (pool->idle_first)
			tg_server(all, pool->idle_first)->previous = slot;
		else
			pool->idle_last = slot;
		pool->idle_first = slot;
	}
	pool->idle_count++;
}

static __always_inline void tg_idle_remove(struct tg_slots *all, struct tg_pool *pool, __u32 slot)
{
	struct tg_server *server = tg_server(all, slot);

	if (server->previous)
		tg_server(all, server->previous)->next = server->next;
	else
		pool->idle_first = server->next;
	if (server->next)
		tg_server(all, server->next)->previous = server->previous;
	else
		pool->idle_last = server->previous;
	server->next = server->previous = TG_NONE;
	pool->idle_count--;
}

/* An idle server with these parameters and statements; TG_NONE if none of those looked at has them.
 */
static __always_inline __u32 tg_idle_find(struct tg_slots *all, struct tg_pool *pool, __u64 profile,
					  const struct tg_needs *needs)
{
	__u32 slot = pool->idle_first;
	__u32 i;

	for (i = 0; i < TG_IDLE_LOOKED_AT && slot; i++) {
		if (tg_suits(tg_server(all, slot), profile, needs))
			return slot;
		slot = tg_server(all, slot)->next;
	}
	return TG_NONE;
}

static __always_inline void tg_link(struct tg_client *client, __u32 client_slot,
				    struct tg_server *server, __u32 server_slot, __u64 now)
{
	client->state = TG_CLIENT_LINKED;
	client->server = server_slot;
	client->query_start = client->transaction_start = now;
	server->state = TG_SERVER_LINKED;
	server->client = client_slot;
	server->uses++;
}

/* The request that has waited in the kernel is the server's now. */
static __always_inline void tg_grant(struct tg_client *client, struct tg_server *server)
{
	client->owed = client->request_owed;
	client->head_extended = client->request_extended;
	client->flags |= TG_KEPT;
	tg_use_statements(server, &client->needs);
}

/* Gives the link to C#, which finds it when the next bytes come up. */
static __always_inline void tg_give_up(struct tg_client *client, struct tg_server *server)
{
	client->state = TG_CLIENT_USER;
	server->state = TG_SERVER_USER;
}

/* The link ends; what becomes of the server is up to the caller. */
static __always_inline void tg_unlink(struct tg_client *client, struct tg_server *server)
{
	client->server = TG_NONE;
	client->flags &= ~(TG_UNCONFIRMED | TG_BY_TCP | TG_TO_SEND | TG_ASKED | TG_KEPT);
	client->owed = client->open = client->head_extended = client->remaining = 0;
	client->answered = client->needs.count = 0;
	client->query_start = client->transaction_start = 0;
	server->client = TG_NONE;
}

#endif
