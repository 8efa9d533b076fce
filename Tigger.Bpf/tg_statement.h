/* SPDX-License-Identifier: MIT */
/*
 * Named prepared statements where servers change. A client's name stands for a statement that all
 * clients of the pool share, and the servers know it by a name of the same length: a Bind or
 * Describe is changed in place, and no message moves. C# writes the names before it arms a client,
 * and in the slot of each server what it has; Parse and Close are always C#'s. A send that turns
 * out to be for C# may be changed already: there the servers' name is as good.
 */
#ifndef TIGGER_TG_STATEMENT_H
#define TIGGER_TG_STATEMENT_H

enum tg_statement_limit {
	TG_NAMES = 131072, /* of all clients */
	TG_WORD = 64,	   /* bits */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TG_NAMES);
	__type(key, struct tg_name_key);
	__type(value, struct tg_name);
} names SEC(".maps");

/* Part of a walk. */
struct tg_naming {
	struct tg_name_key key;
	struct tg_needs needs;
	__u32 binds;
	char text[TG_NAME]; /* of a segment */
};

static __always_inline __u64 tg_statement_bit(__u32 number)
{
	return 1ULL << number % TG_WORD;
}

static __always_inline __u32 tg_statement_word(__u32 number)
{
	return number / TG_WORD & (TG_STATEMENTS / TG_WORD - 1);
}

/* 0: it is among the needs now. */
static __always_inline int tg_need(struct tg_needs *needs, __u32 number)
{
	__u32 i;

	for (i = 0; i < TG_NEEDS && i < needs->count; i++) {
		if (needs->numbers[i] == number)
			return 0;
	}
	if (needs->count >= TG_NEEDS)
		return -1;
	needs->numbers[needs->count++ & (TG_NEEDS - 1)] = number;
	return 0;
}

/* Lock held. */
static __always_inline int tg_has_statements(const struct tg_server *server,
					     const struct tg_needs *needs)
{
	__u32 i, number;

	for (i = 0; i < TG_NEEDS && i < needs->count; i++) {
		number = needs->numbers[i];
		if (!(server->statements[tg_statement_word(number)] & tg_statement_bit(number)))
			return 0;
	}
	return 1;
}

/* For C#, which closes those that have not been used for longest. Lock held. */
static __always_inline void tg_use_statements(struct tg_server *server,
					      const struct tg_needs *needs)
{
	__u32 i, number;

	for (i = 0; i < TG_NEEDS && i < needs->count; i++) {
		number = needs->numbers[i];
		server->used[tg_statement_word(number)] |= tg_statement_bit(number);
	}
}

/*
 * What the name that begins at the address is to be changed to; NULL: C# knows. *length: its bytes
 * with the zero, 2 to TG_NAME.
 */
static __always_inline struct tg_name *tg_find_name(struct tg_naming *naming, const void *name,
						    __u32 *length)
{
	struct tg_name *found;
	long read;

	__builtin_memset(naming->key.name, 0, sizeof(naming->key.name));
	read = bpf_probe_read_kernel_str(naming->key.name, sizeof(naming->key.name), name);
	if (read < 2 || read > TG_NAME)
		return NULL;
	*length = read;
	found = bpf_map_lookup_elem(&names, &naming->key);
	return found && !tg_need(&naming->needs, found->number) ? found : NULL;
}

#endif
