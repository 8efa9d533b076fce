/* SPDX-License-Identifier: MIT */
/*
 * Asks the running kernel whether it does what the data path is built on, one
 * program per question. Tigger.Proxy/Kernel/SelfTest.cs puts one of them on a
 * loopback connection, sends, and compares what arrived; ProbeLayout.cs is the
 * C# twin of the structs.
 *
 * No program here ever drops: SK_DROP makes the sender's send() fail.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#include "tg_pair.h"
#include "tg_kernel.h"

enum probe_limit {
	PROBE_ENDS = 2,
	PROBE_PAIRS = 16,
	PROBE_RING_BYTES = 4096,
	PROBE_ROUNDS = 64,
};

enum probe_split {
	/* Bytes per run of probe_apply. */
	PROBE_APPLY_BYTES = 4,
};

/* The bytes that push_data made room for: uninitialised memory until written. */
enum probe_word {
	PROBE_WORD = 0x6c696174, /* "tail" in memory order */
	PROBE_WORD_SIZE = 4,
};

/* What a program knows about the socket it runs for. */
struct probe_end {
	__u32 slot;	 /* key in sockets; the peer's is slot ^ 1 */
	__u32 injecting; /* bytes that the next run finds and the application did not send */
	__u32 runs;
	__u32 failures; /* helpers that refused */
	__u32 element;	/* length of the message's first element, bytes */
	__u32 unread;	/* receive memory of the peer, bytes */
};

/* Two counters that are equal whenever nobody holds the lock. */
struct probe_pool {
	struct bpf_spin_lock lock;
	__u32 padding;
	__u64 taken;
	__u64 returned;
	__u64 torn; /* times they were found different under the lock */
};

struct probe_visit {
	__u32 rounds; /* in */
	__u32 padding;
	__u64 taken; /* out */
};

struct probe_record {
	__u32 slot;
	__u32 size;   /* of the message, bytes */
	__u32 unread; /* bytes in the socket's TCP receive queue */
	__u32 padding;
	__u64 bytes_received; /* by TCP, since the connection began */
};

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, PROBE_PAIRS);
	__type(key, __u32);
	__type(value, __u64);
} sockets SEC(".maps");

/* Those on which probe_arrival sees what arrives. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, PROBE_ENDS);
	__type(key, __u32);
	__type(value, __u64);
} arrivals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct probe_end);
} ends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PROBE_PAIRS);
	__type(key, struct tg_pair);
	__type(value, __u32);
} pairs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe_pool);
} pools SEC(".maps");

/* Where the kernel has its struct sock, by slot; stale once the socket is closed. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PROBE_ENDS);
	__type(key, __u32);
	__type(value, __u64);
} places SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, PROBE_RING_BYTES);
} records SEC(".maps");

static __always_inline struct probe_end *probe_end_of(struct sk_msg_md *msg)
{
	struct bpf_sock *sk = msg->sk;

	return sk ? bpf_sk_storage_get(&ends, sk, NULL, 0) : NULL;
}

static __always_inline int probe_to(struct sk_msg_md *msg, struct probe_end *end, __u32 slot)
{
	if (bpf_msg_redirect_hash(msg, &sockets, &slot, BPF_F_INGRESS) != SK_PASS)
		end->failures++;
	return SK_PASS;
}

/* Makes room for PROBE_WORD behind the message and fills it; 0 when that worked. */
static __always_inline int probe_append(struct sk_msg_md *msg, __u32 size)
{
	__u32 *word, *end;

	if (bpf_msg_push_data(msg, size, PROBE_WORD_SIZE, 0))
		return -1;
	if (bpf_msg_pull_data(msg, size, size + PROBE_WORD_SIZE, 0))
		return -1;
	word = msg->data;
	end = msg->data_end;
	if (word + 1 > end)
		return -1;
	*word = PROBE_WORD;
	return 0;
}

/* The message goes into the peer's receive queue; no TCP. */
SEC("sk_msg")
int probe_redirect(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);

	if (!end)
		return SK_PASS;
	end->runs++;
	return probe_to(msg, end, end->slot ^ 1);
}

/* The peer gets more than was sent. */
SEC("sk_msg")
int probe_push(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);

	if (!end)
		return SK_PASS;
	end->runs++;
	if (probe_append(msg, msg->size))
		end->failures++;
	return probe_to(msg, end, end->slot ^ 1);
}

/* A message that begins with '-' is taken away whole: sent, as far as the sender can tell. */
SEC("sk_msg")
int probe_swallow(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);
	char *data = msg->data, *data_end = msg->data_end;

	if (!end || data + 1 > data_end || *data != '-')
		return SK_PASS;
	end->runs++;
	if (bpf_msg_pop_data(msg, 0, msg->size, 0))
		end->failures++;
	return SK_PASS;
}

/* The program runs again for every PROBE_APPLY_BYTES of one send. */
SEC("sk_msg")
int probe_apply(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);

	if (!end)
		return SK_PASS;
	end->runs++;
	/* What is left over would apply to the next send, which then runs no program. */
	bpf_msg_apply_bytes(msg, msg->size > PROBE_APPLY_BYTES ? PROBE_APPLY_BYTES : 0);
	return probe_to(msg, end, end->slot ^ 1);
}

/*
 * The message goes to the peer, PROBE_WORD into the sender's own receive
 * queue. The second run must clear apply_bytes: the kernel kept it from the
 * first, and would send what the application sends next to the sender as well.
 */
SEC("sk_msg")
int probe_inject(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);
	__u32 size = msg->size;

	if (!end)
		return SK_PASS;
	end->runs++;
	if (end->injecting) {
		if (end->injecting != size)
			end->failures++;
		end->injecting = 0;
		bpf_msg_apply_bytes(msg, 0);
		return probe_to(msg, end, end->slot);
	}
	if (probe_append(msg, size)) {
		end->failures++;
	} else {
		end->injecting = PROBE_WORD_SIZE;
		bpf_msg_apply_bytes(msg, size);
	}
	return probe_to(msg, end, end->slot ^ 1);
}

static __always_inline void probe_visit_pool(struct probe_pool *pool)
{
	/* Volatile keeps the two apart, so that a lock that does not lock would be seen. */
	volatile __u64 *taken = &pool->taken, *returned = &pool->returned;

	bpf_spin_lock(&pool->lock);
	if (*taken != *returned)
		pool->torn++;
	*taken += 1;
	*returned += 1;
	bpf_spin_unlock(&pool->lock);
}

SEC("sk_msg")
int probe_lock(struct sk_msg_md *msg)
{
	__u32 first = 0;
	struct probe_pool *pool = bpf_map_lookup_elem(&pools, &first);

	if (msg->size && pool)
		probe_visit_pool(pool);
	return SK_PASS;
}

/* The same pool under the same lock, at the wish of user space. */
SEC("syscall")
int probe_lock_call(struct probe_visit *visit)
{
	__u32 first = 0, i;
	struct probe_pool *pool = bpf_map_lookup_elem(&pools, &first);

	if (!pool)
		return -1;
	for (i = 0; i < PROBE_ROUNDS && i < visit->rounds; i++)
		probe_visit_pool(pool);
	/* The kernel copies the context back to where the caller had it. */
	visit->taken = pool->taken;
	return i;
}

/* One record per message, with what the kernel knows of the sender's receive side. */
SEC("sk_msg")
int probe_report(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);
	struct probe_record *record;
	struct tcp_sock *tcp;

	if (!end)
		return SK_PASS;
	tcp = bpf_skc_to_tcp_sock(msg->sk);
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record) {
		end->failures++;
		return SK_PASS;
	}
	record->slot = end->slot;
	record->size = msg->size;
	record->unread = tcp ? tcp->rcv_nxt - tcp->copied_seq : ~0U;
	record->bytes_received = tcp ? tcp->bytes_received : ~0ULL;
	record->padding = 0;
	bpf_ringbuf_submit(record, 0);
	return SK_PASS;
}

/* Redirects, and sees how much the peer has not read yet: redirection has no other brake. */
SEC("sk_msg")
int probe_credit(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);
	__u32 own, other;
	struct sk_msg *kernel_msg;
	__u64 *place;

	if (!end)
		return SK_PASS;
	end->runs++;
	own = end->slot;
	other = end->slot ^ 1;
	kernel_msg = bpf_cast_to_kern_ctx(msg);
	end->element = kernel_msg->sg.data[0].length;
	place = bpf_map_lookup_elem(&places, &own);
	if (place)
		*place = (__u64)kernel_msg->sk;
	place = bpf_map_lookup_elem(&places, &other);
	if (place && *place) {
		/* Read only, and a fault reads zero: the pointer may be stale. */
		struct sock *peer =
			bpf_rdonly_cast((void *)*place, bpf_core_type_id_kernel(struct sock));

		end->unread = peer->sk_backlog.rmem_alloc.counter;
	}
	return probe_to(msg, end, other);
}

/* What arrives at the first socket is sent by it, which is a worker of the kernel's to do. */
SEC("sk_skb")
int probe_arrival(struct __sk_buff *skb)
{
	__u32 first = 0;

	if (skb->len)
		bpf_sk_redirect_hash(skb, &sockets, &first, 0);
	return SK_PASS;
}

/* Such a send goes into the sender's own receive queue; any other is left alone. */
SEC("sk_msg")
int probe_arrived(struct sk_msg_md *msg)
{
	struct probe_end *end = probe_end_of(msg);

	if (!end || !tg_is_worker())
		return SK_PASS;
	end->runs++;
	return probe_to(msg, end, end->slot);
}

/* Enters the ends of connections whose exact address pair was registered, and no other. */
SEC("sockops")
int probe_establish(struct bpf_sock_ops *ops)
{
	struct probe_end fresh = {};
	struct tg_pair pair = {};
	struct bpf_sock *sk;
	__u32 *slot;

	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB &&
	    ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	tg_pair_of(ops, &pair);
	slot = bpf_map_lookup_elem(&pairs, &pair);
	sk = ops->sk;
	if (!slot || !sk)
		return 1;
	fresh.slot = *slot;
	if (bpf_sk_storage_get(&ends, sk, &fresh, BPF_SK_STORAGE_GET_F_CREATE))
		bpf_sock_hash_update(ops, &sockets, slot, BPF_NOEXIST);
	return 1;
}

char _license[] SEC("license") = "Dual MIT/GPL";
