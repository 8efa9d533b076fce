/* SPDX-License-Identifier: MIT */
/* The parts of the kernel's structs that the programs read; libbpf finds the offsets on the running
 * kernel. */
#ifndef TIGGER_TG_KERNEL_H
#define TIGGER_TG_KERNEL_H

struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
	__u32 snd_nxt;
	__u32 notsent_lowat;
	__u64 bytes_received;
} __attribute__((preserve_access_index));

struct sock_common {
	unsigned char skc_state;
} __attribute__((preserve_access_index));

struct sock {
	struct sock_common __sk_common;
	struct {
		struct {
			int counter;
		} rmem_alloc;
	} sk_backlog;
	int sk_err;
	int sk_sndbuf;
	int sk_wmem_queued;
	__u8 sk_shutdown;
	void *sk_user_data;
} __attribute__((preserve_access_index));

struct sk_buff {
	struct sock *sk;
} __attribute__((preserve_access_index));

struct sk_buff_head {
	__u32 qlen;
} __attribute__((preserve_access_index));

struct list_head {
	struct list_head *next;
} __attribute__((preserve_access_index));

struct sk_psock {
	struct sk_buff_head ingress_skb;
	struct list_head ingress_msg;
	unsigned long state;
} __attribute__((preserve_access_index));

struct task_struct {
	unsigned int flags;
} __attribute__((preserve_access_index));

struct scatterlist {
	__u32 length;
} __attribute__((preserve_access_index));

struct sk_msg_sg {
	__u32 start;
	struct scatterlist data[1];
} __attribute__((preserve_access_index));

struct sk_msg {
	struct sk_msg_sg sg;
	struct sock *sk_redir;
	struct sock *sk;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;
extern void *bpf_rdonly_cast(void *object, __u32 btf_id) __ksym;

enum tg_sock_fact {
	TG_ESTABLISHED = 1, /* TCP_ESTABLISHED */
	TG_CLOSE_WAIT = 8,  /* TCP_CLOSE_WAIT: the other side will send no more */
	TG_SEND_SHUTDOWN = 2,
	TG_USER_DATA_FLAGS = 7,	       /* SK_USER_DATA_PTRMASK */
	TG_PSOCK_MOVES = 1,	       /* 1 << SK_PSOCK_TX_ENABLED */
	TG_KERNEL_THREAD = 0x00200000, /* PF_KTHREAD */
	TG_LEAST_BUFFER = 4096,	       /* a connection with less unacknowledged always takes more */
};

static __always_inline struct sock *tg_sock(__u64 place)
{
	return bpf_rdonly_cast((void *)place, bpf_core_type_id_kernel(struct sock));
}

/* Bytes in the receive queue of a socket, redirected ones included. A stale pointer reads something
 * or zero, never faults. */
static __always_inline __u32 tg_unread(__u64 place)
{
	return place ? tg_sock(place)->sk_backlog.rmem_alloc.counter : 0;
}

/* What the kernel adds to a socket that is in a map. */
static __always_inline struct sk_psock *tg_psock(__u64 place)
{
	__u64 psock = (__u64)tg_sock(place)->sk_user_data & ~(__u64)TG_USER_DATA_FLAGS;

	return psock ? bpf_rdonly_cast((void *)psock, bpf_core_type_id_kernel(struct sk_psock))
		     : NULL;
}

/* Segments that a worker of the kernel has not moved into this socket's queue yet, or out of it. */
static __always_inline __u32 tg_backlog(__u64 place)
{
	struct sk_psock *psock = tg_psock(place);

	return psock ? psock->ingress_skb.qlen : 0;
}

/* Whether there are bytes to read that were redirected, or passed up by a verdict. */
static __always_inline int tg_has_redirected(__u64 place)
{
	struct sk_psock *psock = tg_psock(place);

	return psock && (__u64)psock->ingress_msg.next !=
				(__u64)psock + bpf_core_field_offset(struct sk_psock, ingress_msg);
}

/* Whether the worker that moves segments will go on; after a failure it never does. */
static __always_inline int tg_is_moving(__u64 place)
{
	struct sk_psock *psock = tg_psock(place);

	return psock && psock->state & TG_PSOCK_MOVES;
}

static __always_inline int tg_is_worker(void)
{
	struct task_struct *task = bpf_rdonly_cast((void *)bpf_get_current_task(),
						   bpf_core_type_id_kernel(struct task_struct));

	return task->flags & TG_KERNEL_THREAD;
}

static __always_inline struct tcp_sock *tg_tcp_sock(__u64 place)
{
	return bpf_rdonly_cast((void *)place, bpf_core_type_id_kernel(struct tcp_sock));
}

static __always_inline int tg_is_connected(__u64 place)
{
	__u32 state = tg_sock(place)->__sk_common.skc_state;

	return state == TG_ESTABLISHED || state == TG_CLOSE_WAIT;
}

/* Whether a connection still takes anything. */
static __always_inline int tg_is_open(__u64 place)
{
	struct sock *sk = tg_sock(place);

	return tg_is_connected(place) && !sk->sk_err && !(sk->sk_shutdown & TG_SEND_SHUTDOWN);
}

/* Whether a connection takes so much more at once: one that took a part would cut a message. */
static __always_inline int tg_takes(__u64 place, __u32 size, __u32 budget)
{
	struct tcp_sock *tcp = tg_tcp_sock(place);
	struct sock *sk = tg_sock(place);
	__u32 queued = sk->sk_wmem_queued, most_unsent = tcp->notsent_lowat;

	if (!tg_is_open(place))
		return 0;
	if (most_unsent && tcp->write_seq - tcp->snd_nxt + size >= most_unsent)
		return 0;
	/* Memory is counted with its overhead, which may be as much again. */
	return queued <= budget && queued + 2 * size < (__u32)sk->sk_sndbuf;
}

/* Whether a connection takes a short message whatever happens: the kernel keeps that much for each.
 */
static __always_inline int tg_has_room(__u64 place)
{
	return tg_is_open(place) && (__u32)tg_sock(place)->sk_wmem_queued < TG_LEAST_BUFFER;
}

#endif
