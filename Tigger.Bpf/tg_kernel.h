/* SPDX-License-Identifier: MIT */
/* The parts of the kernel's structs that the programs read; libbpf finds the offsets on the running
 * kernel. */
#ifndef TIGGER_TG_KERNEL_H
#define TIGGER_TG_KERNEL_H

struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
	__u64 bytes_received;
} __attribute__((preserve_access_index));

struct sock {
	struct {
		struct {
			int counter;
		} rmem_alloc;
	} sk_backlog;
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

/* Bytes in the receive queue of a socket, redirected ones included. A stale pointer reads something
 * or zero, never faults. */
static __always_inline __u32 tg_unread(__u64 place)
{
	struct sock *sk;

	if (!place)
		return 0;
	sk = bpf_rdonly_cast((void *)place, bpf_core_type_id_kernel(struct sock));
	return sk->sk_backlog.rmem_alloc.counter;
}

static __always_inline struct tcp_sock *tg_tcp_sock(__u64 place)
{
	return bpf_rdonly_cast((void *)place, bpf_core_type_id_kernel(struct tcp_sock));
}

#endif
