/* SPDX-License-Identifier: MIT */
/*
 * The data path. A client's request goes from its send() into the receive queue of the backend, the
 * reply from the backend's send() into that of the client; idle servers and waiting clients are
 * kept here too. No TCP, no wake-up of the pooler, no system call of its own.
 *
 *   tg_state.h    what is shared with C#: slots, calls, counters
 *   tg_pair.h     whose connection it is
 *   tg_maps.h     the maps
 *   tg_enter.h    which sockets are ours (sock_ops)
 *   tg_side.h     C#'s own ends of the same connections
 *   tg_walk.h     the messages of a send, with pg_frame.h: tg_walk_request.h, tg_walk_reply.h
 *   tg_statement.h  names of prepared statements
 *   tg_mirror.h   copies of what clients send, and what mirrors answer
 *   tg_arrival.h  servers on other hosts (sk_skb)
 *   tg_lend.h     a request: walked, copied, a server lent for it
 *   tg_request.h  client to server: take a server, wait, follow (sk_msg)
 *   tg_segment.h  the same for clients on other hosts (sk_skb)
 *   tg_reply.h    server to client: deliver, release, lend on (sk_msg)
 *   tg_pool.h     idle list and queue
 *   tg_calls.h    what C# does (syscall)
 *
 * No program here refuses a send while there is any other way: PostgreSQL ends a session whose send
 * fails.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "pg_frame.h"
#include "tg_state.h"
#include "tg_kernel.h"
#include "tg_maps.h"
#include "tg_stats.h"
#include "tg_statement.h"
#include "tg_pool.h"
#include "tg_walk.h"
#include "tg_walk_request.h"
#include "tg_walk_reply.h"
#include "tg_walk_message.h"
#include "tg_mirror.h"
#include "tg_side.h"
#include "tg_arrival.h"
#include "tg_lend.h"
#include "tg_request.h"
#include "tg_segment.h"
#include "tg_reply.h"
#include "tg_enter.h"
#include "tg_calls.h"

SEC("sockops")
int tigger_sock_ops(struct bpf_sock_ops *ops)
{
	struct tg_slots *all = tg_slots();
	struct bpf_sock *sk = ops->sk;

	if (!all || !sk)
		return 1;
	switch (ops->op) {
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		tg_enter_client(ops, sk, all);
		break;
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
		tg_enter_server(ops, sk, all);
		break;
	case BPF_SOCK_OPS_STATE_CB:
		tg_closed(ops, sk, all);
		break;
	}
	return 1;
}

SEC("sk_msg")
int tigger_message(struct sk_msg_md *msg)
{
	struct bpf_sock *sk = msg->sk;
	struct tg_slots *all = tg_slots();
	struct tg_socket *socket;

	if (!sk || !all)
		return SK_PASS;
	socket = bpf_sk_storage_get(&ends, sk, NULL, 0);
	if (!socket)
		return SK_PASS;
	switch (socket->end.kind) {
	case TG_END_CLIENT_SIDE:
	case TG_END_SERVER_SIDE:
		if (!tg_is_arrival(all, &socket->end))
			return tg_side(msg, all, &socket->end);
	}
	return tg_is_clients(&socket->end) ? tg_request(msg, all, socket)
					   : tg_reply(msg, all, socket);
}

SEC("sk_skb")
int tigger_segment(struct __sk_buff *skb)
{
	__u64 cookie = bpf_get_socket_cookie(skb);
	struct tg_slots *all = tg_slots();
	struct tg_socket *socket = bpf_map_lookup_elem(&remote_ends, &cookie);

	tg_keep_remotes();
	if (!socket || !all)
		return SK_PASS;
	if (socket->end.kind == TG_END_SERVER_REMOTE)
		return tg_arrival_of(skb, all, &socket->end);
	return tg_segment_of(skb, all, socket);
}

/* What mirrors answer. */
SEC("sk_skb")
int tigger_answer(struct __sk_buff *skb)
{
	return tg_answer(skb);
}

char _license[] SEC("license") = "Dual MIT/GPL";
