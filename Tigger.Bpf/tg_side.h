/* SPDX-License-Identifier: MIT */
/*
 * C#'s own ends of connections to sockets of this host: what it moves itself goes without TCP as
 * well, into the same queue as what the programs move, so the two cannot overtake each other. A
 * receiver reads redirected bytes before those of TCP: there is redirection only while it has read
 * everything that came by TCP.
 */
#ifndef TIGGER_TG_SIDE_H
#define TIGGER_TG_SIDE_H

enum tg_side_limit {
	/* Bytes that C# may have unread. */
	TG_SIDE_BUDGET = 256 * 1024,
};

/* Whether one end of a connection has read all that the other has written by TCP. */
static __always_inline int tg_has_read(__u64 reader, __u32 reader_base, __u64 writer,
				       __u32 writer_base)
{
	return reader && writer &&
	       tg_tcp_sock(reader)->copied_seq - reader_base ==
		       tg_tcp_sock(writer)->write_seq - writer_base;
}

static __always_inline int tg_client_has_read(const struct tg_client *client)
{
	return tg_has_read(client->sock, client->base_copied, client->side, client->side_written);
}

static __always_inline int tg_client_is_read(const struct tg_client *client)
{
	return tg_has_read(client->side, client->side_copied, client->sock, client->base_written);
}

static __always_inline int tg_server_has_read(const struct tg_server *server)
{
	return tg_has_read(server->sock, server->base_copied, server->side, server->side_written);
}

static __always_inline int tg_server_is_read(const struct tg_server *server)
{
	return tg_has_read(server->side, server->side_copied, server->sock, server->base_written);
}

/* Nothing is on its way between C# and the client, or the backend; what C# has redirected to it is
 * in order anyway. */
static __always_inline int tg_is_clean(const struct tg_client *client)
{
	return tg_client_has_read(client) && tg_client_is_read(client) && !tg_unread(client->side);
}

static __always_inline int tg_is_server_clean(const struct tg_server *server)
{
	return tg_server_has_read(server) && tg_server_is_read(server) && !tg_unread(server->side);
}

/* The same of a server on another host. What comes by TCP is the verdict's as soon as it is there.
 */
static __always_inline int tg_is_far_server_clean(const struct tg_server *server)
{
	return !tg_has_redirected(server->side) && !tg_backlog(server->side);
}

/* The same of a client on another host, of which C# has read everything that has arrived. */
static __always_inline int tg_is_remote_clean(__u64 side)
{
	return !tg_unread(side) && !tg_backlog(side);
}

/* Whether C# has sent the answer that it had in hand when it armed the client. What a client sends
 * before that is pipelined, and could be answered first. */
static __always_inline int tg_is_answered(const struct tg_client *client, __u64 side)
{
	return !(client->flags & TG_DUE) || tg_tcp_sock(side)->write_seq == client->due;
}

/* That answer goes by TCP: sequence numbers tell when the client has read it. */
static __always_inline int tg_is_due(const struct tg_client *client)
{
	return client->flags & TG_DUE &&
	       (client->state == TG_CLIENT_IDLE || client->state == TG_CLIENT_LINKED);
}

/*
 * A client's send for C#. Always SK_PASS: by TCP where it cannot be redirected. The generation is
 * the sender's: a slot may have become another's since it was looked at, a key never does.
 */
static __always_inline int tg_client_up(struct sk_msg_md *msg, const struct tg_client *client,
					__u32 slot, __u32 generation)
{
	__u64 key = tg_side_key(tg_client_key(slot, generation));
	__u32 wanted = TG_SIDE | TG_CLAIMED;

	if ((client->flags & wanted) == wanted && tg_client_is_read(client) &&
	    tg_unread(client->side) <= TG_SIDE_BUDGET &&
	    bpf_msg_redirect_hash(msg, &sockets, &key, BPF_F_INGRESS) == SK_PASS)
		tg_count(TG_COUNT_SIDE_REQUEST);
	return SK_PASS;
}

static __always_inline int tg_server_up(struct sk_msg_md *msg, const struct tg_server *server,
					__u32 slot, __u32 generation)
{
	__u64 key = tg_side_key(tg_server_key(slot, generation));

	if (server->flags & TG_SERVER_SIDE && tg_server_is_read(server) &&
	    tg_unread(server->side) <= TG_SIDE_BUDGET &&
	    bpf_msg_redirect_hash(msg, &sockets, &key, BPF_F_INGRESS) == SK_PASS)
		tg_count(TG_COUNT_SIDE_REPLY);
	return SK_PASS;
}

/*
 * A send of C# to a receiver of this host. Taken away while the receiver has too much unread, which
 * C# sees by the counter and tries again: by TCP it would arrive behind bytes that some clients'
 * event loops, after a short read, never look past. Not SK_DROP, which the kernel would go on
 * giving without asking the program.
 */
static __always_inline int tg_down(struct sk_msg_md *msg, const struct tg_pool *pool,
				   __u64 receiver, __u64 key, __u32 *refused)
{
	if (tg_unread(receiver) > pool->budget && !bpf_msg_pop_data(msg, 0, msg->size, 0)) {
		__sync_fetch_and_add(refused, 1);
		tg_count(TG_COUNT_SIDE_REFUSED);
		return SK_PASS;
	}
	if (bpf_msg_redirect_hash(msg, &sockets, &key, BPF_F_INGRESS) == SK_PASS)
		tg_count(TG_COUNT_SIDE_DOWN);
	return SK_PASS;
}

static __always_inline int tg_client_down(struct sk_msg_md *msg, struct tg_slots *all,
					  const struct tg_end *end)
{
	struct tg_client *client = tg_client(all, end->slot);

	if (client->generation != end->generation || !(client->flags & TG_CLAIMED) ||
	    client->flags & TG_GONE || tg_is_due(client) || !tg_client_has_read(client))
		return SK_PASS;
	return tg_down(msg, tg_pool(all, client->pool), client->sock,
		       tg_client_key(end->slot, end->generation), &client->refused);
}

static __always_inline int tg_server_down(struct sk_msg_md *msg, struct tg_slots *all,
					  const struct tg_end *end)
{
	struct tg_server *server = tg_server(all, end->slot);

	if (server->generation != end->generation || !(server->flags & TG_SERVER_PRESENT) ||
	    server->flags & TG_SERVER_GONE || !tg_server_has_read(server))
		return SK_PASS;
	return tg_down(msg, tg_pool(all, server->pool), server->sock,
		       tg_server_key(end->slot, end->generation), &server->refused);
}

static __always_inline int tg_side(struct sk_msg_md *msg, struct tg_slots *all,
				   const struct tg_end *end)
{
	struct sk_msg *kernel_msg = bpf_cast_to_kern_ctx(msg);

	/* The kernel had memory for a part of it only: the rest follows, SK_PASS goes where that
	 * went. */
	if (kernel_msg->sk_redir)
		return SK_PASS;
	return end->kind == TG_END_CLIENT_SIDE ? tg_client_down(msg, all, end)
					       : tg_server_down(msg, all, end);
}

#endif
