/* SPDX-License-Identifier: MIT */
/* The maps of the data path, and the way from a socket to its slot. */
#ifndef TIGGER_TG_MAPS_H
#define TIGGER_TG_MAPS_H

/* In an array of its own: a map whose values hold a lock cannot be mapped into a process. */
struct tg_lock {
	struct bpf_spin_lock lock;
	__u32 padding;
};

struct tg_block {
	__u8 data[TG_BLOCK];
};

/* Clients' and servers' own sockets, and C#'s ends. Twice as many as slots have: a socket may
 * outlive its slot. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4 * (TG_CLIENTS + TG_SERVERS));
	__type(key, __u64);
	__type(value, __u64);
} sockets SEC(".maps");

/* C#'s own ends of connections to other hosts; a verdict sees what arrives there. */
struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 2 * (TG_CLIENTS + TG_SERVERS));
	__type(key, __u64);
	__type(value, __u64);
} remotes SEC(".maps");

/*
 * A socket holds its verdict, and a program the maps it names. So the map stays when this process
 * ends after another has taken its connections over (online restart): freed, it would take what was
 * passed up and is not read yet away from them.
 */
static __always_inline void tg_keep_remotes(void)
{
	asm volatile("" : : "r"(&remotes));
}

/* Clients' sockets that no session has claimed yet. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TG_CLIENTS);
	__type(key, struct tg_pair);
	__type(value, struct tg_end);
} connections SEC(".maps");

/* Connections to PostgreSQL that C# is about to open, as the backend's socket will see them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TG_SERVERS);
	__type(key, struct tg_pair);
	__type(value, struct tg_end);
} expected SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, struct tg_listener);
	__type(value, __u32);
} listeners SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tg_slots);
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, TG_POOLS);
	__type(key, __u32);
	__type(value, struct tg_lock);
} locks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, TG_CLIENTS);
	__type(key, __u32);
	__type(value, struct tg_block);
} blocks SEC(".maps");

/* A stack, so that few blocks are in use and these are in the cache. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(max_entries, TG_CLIENTS);
	__type(value, __u32);
} free_blocks SEC(".maps");

/* A queue, so that a slot rests before it is used again. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, TG_CLIENTS);
	__type(value, __u32);
} free_clients SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TG_POOLS);
	__type(key, __u32);
	__type(value, struct tg_statistics);
} statistics SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TG_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* ErrorResponse messages that went to clients, by class of SQLSTATE: see tg_error_class. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, TG_ERROR_CLASSES);
	__type(key, __u32);
	__type(value, __u64);
} errors SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");

static __always_inline struct tg_slots *tg_slots(void)
{
	__u32 first = 0;

	return bpf_map_lookup_elem(&slots, &first);
}

static __always_inline struct tg_lock *tg_lock_of(__u32 pool)
{
	return bpf_map_lookup_elem(&locks, &pool);
}

/* Slot numbers come from memory: the masks are for the verifier. */
static __always_inline struct tg_client *tg_client(struct tg_slots *all, __u32 slot)
{
	return &all->clients[slot & (TG_CLIENTS - 1)];
}

static __always_inline struct tg_server *tg_server(struct tg_slots *all, __u32 slot)
{
	return &all->servers[slot & (TG_SERVERS - 1)];
}

static __always_inline struct tg_pool *tg_pool(struct tg_slots *all, __u32 number)
{
	return &all->pools[number & (TG_POOLS - 1)];
}

/* Keys of the socket map are never used twice: a socket that outlives its slot is in nobody's way.
 */
static __always_inline __u64 tg_client_key(__u32 slot, __u32 generation)
{
	return (__u64)generation << 32 | slot;
}

static __always_inline __u64 tg_server_key(__u32 slot, __u32 generation)
{
	return (__u64)generation << 32 | 1U << 31 | slot;
}

/* Of C#'s own end of the same connection. */
static __always_inline __u64 tg_side_key(__u64 key)
{
	return key | 1U << 30;
}

static __always_inline void tg_count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		*value += 1;
}

/* Takes number + 1, 0 for none, as slots have it. */
static __always_inline void tg_free_block(__u32 block)
{
	__u32 number = block - 1;

	if (block)
		bpf_map_push_elem(&free_blocks, &number, 0);
}

static __always_inline void tg_tell(__u32 kind, __u32 slot, __u32 generation)
{
	struct tg_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		tg_count(TG_COUNT_EVENT_LOST);
		return;
	}
	event->kind = kind;
	event->slot = slot;
	event->generation = generation;
	event->padding = 0;
	bpf_ringbuf_submit(event, 0);
}

#endif
