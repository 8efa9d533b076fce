/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL on another host: what it sends arrives at C#'s own socket, where a verdict sees it.
 * The verdict makes the socket send it to itself, so that a worker of the kernel calls the socket's
 * send(), and tigger_message sees there what it sees in a backend's: delivery, release and queue
 * are those of tg_reply.h. So it is with a client that is on another host, too, and tg_request.h.
 * What is passed up goes through the same queue of segments, so neither overtakes the other.
 */
#ifndef TIGGER_TG_ARRIVAL_H
#define TIGGER_TG_ARRIVAL_H

static __always_inline int tg_arrival_of(struct __sk_buff *skb, struct tg_slots *all,
					 const struct tg_end *end)
{
	__u64 key = tg_side_key(tg_server_key(end->slot, end->generation));
	struct tg_server *server = tg_server(all, end->slot);

	/* Empty: the end of the stream. */
	if (skb->len && server->generation == end->generation && server->state != TG_SERVER_USER)
		bpf_sk_redirect_hash(skb, &sockets, &key, 0);
	return SK_PASS;
}

static __always_inline int tg_is_clients(const struct tg_end *end)
{
	return end->kind == TG_END_CLIENT || end->kind == TG_END_CLIENT_SIDE;
}

/* Whether a send of C#'s own end is a worker's, of what has arrived there. */
static __always_inline int tg_is_arrival(struct tg_slots *all, const struct tg_end *end)
{
	__u32 remote = tg_is_clients(end) ? tg_client(all, end->slot)->flags & TG_REMOTE
					  : tg_server(all, end->slot)->flags & TG_SERVER_REMOTE;

	return remote && tg_is_worker();
}

/* What has arrived may not be sent back. */
static __always_inline int tg_arrival_lose(struct sk_msg_md *msg)
{
	bpf_msg_pop_data(msg, 0, msg->size, 0);
	return SK_PASS;
}

/* For C# to read. */
static __always_inline int tg_arrival_up(struct sk_msg_md *msg, __u64 key)
{
	if (bpf_msg_redirect_hash(msg, &sockets, &key, BPF_F_INGRESS) == SK_PASS)
		return SK_PASS;
	/* It is being closed. */
	return tg_arrival_lose(msg);
}

#endif
