/* SPDX-License-Identifier: MIT */
/*
 * Which sockets are ours: those that connect to an address Tigger listens on, and the backends'
 * ends of connections that Tigger is about to open. Every other connection of the host costs two
 * lookups when it is established, and nothing after.
 */
#ifndef TIGGER_TG_ENTER_H
#define TIGGER_TG_ENTER_H

static __always_inline int tg_is_mapped(const __u32 *address)
{
	return !address[0] && !address[1] && address[2] == bpf_htonl(0xffff);
}

/* Whether Tigger listens where this connection goes. */
static __always_inline int tg_is_ours(const struct tg_pair *pair)
{
	struct tg_listener key = {
		.netns = pair->netns,
		.port = pair->remote_port,
		.family = tg_is_mapped(pair->remote) ? TG_AF_INET : TG_AF_INET6,
	};

	if (bpf_map_lookup_elem(&listeners, &key))
		return 1;
	key.address[0] = pair->remote[0];
	key.address[1] = pair->remote[1];
	key.address[2] = pair->remote[2];
	key.address[3] = pair->remote[3];
	return bpf_map_lookup_elem(&listeners, &key) != NULL;
}

static __always_inline int tg_put(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				  const struct tg_end *end, __u64 key)
{
	struct tg_socket fresh = {.end = *end};

	if (!bpf_sk_storage_get(&ends, sk, &fresh, BPF_SK_STORAGE_GET_F_CREATE) ||
	    bpf_sock_hash_update(ops, &sockets, &key, BPF_NOEXIST)) {
		tg_count(TG_COUNT_ENTER_FAILED);
		return 0;
	}
	/* Others may watch the socket for other reasons. */
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags | BPF_SOCK_OPS_STATE_CB_FLAG);
	return 1;
}

/* What the other end of the connection sees. */
static __always_inline void tg_turn(const struct tg_pair *pair, struct tg_pair *turned)
{
	__builtin_memcpy(turned->local, pair->remote, sizeof(turned->local));
	__builtin_memcpy(turned->remote, pair->local, sizeof(turned->remote));
	turned->local_port = pair->remote_port;
	turned->remote_port = pair->local_port;
	turned->netns = pair->netns;
}

/* Our end of a connection to PostgreSQL that C# opens; its backend's end is established after this.
 */
static __always_inline void tg_enter_server_side(struct bpf_sock_ops *ops, struct bpf_sock *sk,
						 struct tg_slots *all, const struct tg_pair *pair)
{
	struct tg_pair turned = {};
	struct tg_server *server;
	struct tg_end *wanted, end;
	struct tcp_sock *tcp;

	tg_turn(pair, &turned);
	wanted = bpf_map_lookup_elem(&expected, &turned);
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!wanted || !tcp)
		return;
	end = *wanted;
	end.kind = TG_END_SERVER_SIDE;
	server = tg_server(all, end.slot);
	if (server->generation != end.generation ||
	    !tg_put(ops, sk, &end, tg_side_key(tg_server_key(end.slot, end.generation))))
		return;
	server->side = (__u64)tcp;
	server->side_written = tcp->write_seq;
	server->side_copied = tcp->copied_seq;
	server->flags |= TG_SERVER_SIDE;
}

/* Our end of the connection of a client of this host, whose own end was established before. */
static __always_inline void tg_enter_client_side(struct bpf_sock_ops *ops, struct bpf_sock *sk,
						 struct tg_slots *all, const struct tg_pair *pair)
{
	struct tg_pair turned = {};
	struct tg_client *client;
	struct tg_end *found, end;
	struct tcp_sock *tcp;

	tg_turn(pair, &turned);
	found = bpf_map_lookup_elem(&connections, &turned);
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!found || !tcp)
		return;
	end = *found;
	end.kind = TG_END_CLIENT_SIDE;
	client = tg_client(all, end.slot);
	if (client->generation != end.generation ||
	    !tg_put(ops, sk, &end, tg_side_key(tg_client_key(end.slot, end.generation))))
		return;
	client->side = (__u64)tcp;
	client->side_written = tcp->write_seq;
	client->side_copied = tcp->copied_seq;
	client->flags |= TG_SIDE;
}

static __always_inline void tg_enter_client(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					    struct tg_slots *all)
{
	struct tg_client *client;
	struct tg_pair pair = {};
	struct tg_end end = {};
	struct tcp_sock *tcp;

	tg_pair_of(ops, &pair);
	if (!tg_is_ours(&pair)) {
		tg_enter_server_side(ops, sk, all, &pair);
		return;
	}
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!tcp)
		return;
	if (bpf_map_pop_elem(&free_clients, &end.slot))
		return tg_count(TG_COUNT_NO_SLOT);
	client = tg_client(all, end.slot);
	end.generation = client->generation;
	if (!tg_put(ops, sk, &end, tg_client_key(end.slot, end.generation))) {
		bpf_map_push_elem(&free_clients, &end.slot, 0);
		return;
	}
	client->sock = (__u64)tcp;
	client->side = 0;
	client->small = 0;
	client->base_written = tcp->write_seq;
	client->base_copied = tcp->copied_seq;
	client->flags = TG_PRESENT;
	client->state = TG_CLIENT_USER;
	bpf_map_update_elem(&connections, &pair, &end, BPF_ANY);
	tg_count(TG_COUNT_CLIENT_ENTERED);
}

static __always_inline void tg_enter_server(struct bpf_sock_ops *ops, struct bpf_sock *sk,
					    struct tg_slots *all)
{
	struct tg_server *server;
	struct tg_pair pair = {};
	struct tg_end *wanted, end;
	struct tcp_sock *tcp;

	tg_pair_of(ops, &pair);
	wanted = bpf_map_lookup_elem(&expected, &pair);
	tcp = bpf_skc_to_tcp_sock(sk);
	if (!wanted) {
		tg_enter_client_side(ops, sk, all, &pair);
		return;
	}
	if (!tcp)
		return;
	end = *wanted;
	server = tg_server(all, end.slot);
	if (server->generation != end.generation ||
	    !tg_put(ops, sk, &end, tg_server_key(end.slot, end.generation)))
		return;
	server->sock = (__u64)tcp;
	server->base_written = tcp->write_seq;
	server->base_copied = tcp->copied_seq;
	server->flags |= TG_SERVER_PRESENT;
	tg_count(TG_COUNT_SERVER_ENTERED);
}

static __always_inline void tg_free_client(struct tg_client *client, __u32 slot)
{
	tg_free_block(__sync_lock_test_and_set(&client->block, 0));
	bpf_map_push_elem(&free_clients, &slot, 0);
}

/* A client's application closed its socket: it waits no more. C# is told by TCP. */
static __always_inline void tg_client_closed(struct bpf_sock_ops *ops, struct tg_slots *all,
					     const struct tg_end *end)
{
	struct tg_client *client = tg_client(all, end->slot);
	struct tg_lock *lock = tg_lock_of(client->pool);
	struct tg_pair pair = {};
	int unclaimed = 0;

	if (!lock)
		return;
	bpf_spin_lock(&lock->lock);
	if (client->generation == end->generation && !(client->flags & TG_GONE)) {
		client->flags |= TG_GONE;
		if (client->state == TG_CLIENT_WAITING) {
			tg_queue_remove(all, tg_pool(all, client->pool), end->slot);
			client->state = TG_CLIENT_USER;
		}
		unclaimed = !(client->flags & TG_CLAIMED);
		if (unclaimed) {
			client->state = TG_CLIENT_FREE;
			client->generation++;
		}
	}
	bpf_spin_unlock(&lock->lock);
	if (!unclaimed)
		return;
	tg_pair_of(ops, &pair);
	bpf_map_delete_elem(&connections, &pair);
	tg_free_client(client, end->slot);
}

static __always_inline void tg_server_closed(struct tg_slots *all, const struct tg_end *end)
{
	struct tg_server *server = tg_server(all, end->slot);
	struct tg_lock *lock = tg_lock_of(server->pool);

	if (!lock)
		return;
	bpf_spin_lock(&lock->lock);
	if (server->generation == end->generation) {
		server->flags |= TG_SERVER_GONE;
		/* A delivery that failed is followed by no second run, only by this. */
		server->flags &= ~TG_FINISHING;
		if (server->state == TG_SERVER_IDLE) {
			tg_idle_remove(all, tg_pool(all, server->pool), end->slot);
			server->state = TG_SERVER_PARKED;
		}
	}
	bpf_spin_unlock(&lock->lock);
}

static __always_inline void tg_closed(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				      struct tg_slots *all)
{
	struct tg_socket *socket = bpf_sk_storage_get(&ends, sk, NULL, 0);
	struct tg_end *end;

	if (!socket)
		return;
	end = &socket->end;
	switch (ops->args[1]) {
	case BPF_TCP_FIN_WAIT1:
	case BPF_TCP_LAST_ACK:
	case BPF_TCP_CLOSE:
		if (end->kind == TG_END_SERVER)
			tg_server_closed(all, end);
		else if (end->kind == TG_END_CLIENT)
			tg_client_closed(ops, all, end);
	}
}

#endif
