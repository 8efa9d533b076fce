/* SPDX-License-Identifier: MIT */
/*
 * Tells Tigger.Tests/Kernel/SlotLayoutTests.cs where tg_state.h has its fields and which values its
 * enums have. A struct that is not listed here is not compared; a field that is missing is found by
 * the test, which counts on both sides.
 */
#include <stddef.h>
#include <linux/types.h>
#include "../pg_frame.h"
#include "../tg_state.h"

#define EXPORT __attribute__((visibility("default")))

#define STRUCT(s)   report(#s, NULL, 0, sizeof(struct s))
#define FIELD(s, f) report(#s, #f, offsetof(struct s, f), sizeof(((struct s *)0)->f))
#define VALUE(e, v) report(#e, #v, v, 0)

/* A null field stands for the struct itself; an enum's value comes in place of an offset. */
typedef void (*report_t)(const char *name, const char *field, __u32 offset, __u32 size);

EXPORT void tigger_structs(report_t report)
{
	STRUCT(pg_frame);
	FIELD(pg_frame, remaining);
	FIELD(pg_frame, body_length);
	FIELD(pg_frame, partial_length);
	FIELD(pg_frame, max_length);
	FIELD(pg_frame, header_bytes);
	FIELD(pg_frame, type);
	FIELD(pg_frame, first_body_byte);
	FIELD(pg_frame, invalid);
	STRUCT(tg_pair);
	FIELD(tg_pair, netns);
	FIELD(tg_pair, local);
	FIELD(tg_pair, remote);
	FIELD(tg_pair, local_port);
	FIELD(tg_pair, remote_port);
	FIELD(tg_pair, padding);
	STRUCT(tg_listener);
	FIELD(tg_listener, netns);
	FIELD(tg_listener, address);
	FIELD(tg_listener, port);
	FIELD(tg_listener, family);
	FIELD(tg_listener, padding);
	STRUCT(tg_end);
	FIELD(tg_end, slot);
	FIELD(tg_end, generation);
	FIELD(tg_end, kind);
	FIELD(tg_end, padding);
	STRUCT(tg_client);
	FIELD(tg_client, state);
	FIELD(tg_client, flags);
	FIELD(tg_client, generation);
	FIELD(tg_client, pool);
	FIELD(tg_client, server);
	FIELD(tg_client, owed);
	FIELD(tg_client, open);
	FIELD(tg_client, head_extended);
	FIELD(tg_client, remaining);
	FIELD(tg_client, next);
	FIELD(tg_client, previous);
	FIELD(tg_client, block);
	FIELD(tg_client, request_length);
	FIELD(tg_client, request_owed);
	FIELD(tg_client, request_extended);
	FIELD(tg_client, base_written);
	FIELD(tg_client, base_copied);
	FIELD(tg_client, side_written);
	FIELD(tg_client, side_copied);
	FIELD(tg_client, small);
	FIELD(tg_client, refused);
	FIELD(tg_client, sent);
	FIELD(tg_client, profile);
	FIELD(tg_client, sock);
	FIELD(tg_client, side);
	FIELD(tg_client, query_start);
	FIELD(tg_client, transaction_start);
	FIELD(tg_client, waiting_since);
	FIELD(tg_client, requested_at);
	STRUCT(tg_server);
	FIELD(tg_server, state);
	FIELD(tg_server, flags);
	FIELD(tg_server, generation);
	FIELD(tg_server, pool);
	FIELD(tg_server, client);
	FIELD(tg_server, next);
	FIELD(tg_server, previous);
	FIELD(tg_server, status);
	FIELD(tg_server, last_type);
	FIELD(tg_server, cancels);
	FIELD(tg_server, uses);
	FIELD(tg_server, base_written);
	FIELD(tg_server, base_copied);
	FIELD(tg_server, side_written);
	FIELD(tg_server, frame);
	FIELD(tg_server, side_copied);
	FIELD(tg_server, refused);
	FIELD(tg_server, padding);
	FIELD(tg_server, profile);
	FIELD(tg_server, sock);
	FIELD(tg_server, side);
	FIELD(tg_server, last_used);
	STRUCT(tg_pool);
	FIELD(tg_pool, flags);
	FIELD(tg_pool, idle_first);
	FIELD(tg_pool, idle_last);
	FIELD(tg_pool, idle_count);
	FIELD(tg_pool, waiting_first);
	FIELD(tg_pool, waiting_last);
	FIELD(tg_pool, waiting_count);
	FIELD(tg_pool, budget);
	FIELD(tg_pool, check_delay);
	FIELD(tg_pool, max_message);
	FIELD(tg_pool, padding);
	STRUCT(tg_slots);
	FIELD(tg_slots, pools);
	FIELD(tg_slots, servers);
	FIELD(tg_slots, clients);
	STRUCT(tg_statistics);
	FIELD(tg_statistics, transactions);
	FIELD(tg_statistics, queries);
	FIELD(tg_statistics, received);
	FIELD(tg_statistics, sent);
	FIELD(tg_statistics, transaction_time);
	FIELD(tg_statistics, query_time);
	FIELD(tg_statistics, wait_time);
	FIELD(tg_statistics, assignments);
	FIELD(tg_statistics, transaction_times);
	FIELD(tg_statistics, query_times);
	FIELD(tg_statistics, wait_times);
	STRUCT(tg_event);
	FIELD(tg_event, kind);
	FIELD(tg_event, slot);
	FIELD(tg_event, generation);
	FIELD(tg_event, padding);
	STRUCT(tg_prepare_call);
	FIELD(tg_prepare_call, clients);
	FIELD(tg_prepare_call, blocks);
	FIELD(tg_prepare_call, result);
	FIELD(tg_prepare_call, padding);
	STRUCT(tg_claim_call);
	FIELD(tg_claim_call, pair);
	FIELD(tg_claim_call, use_pair);
	FIELD(tg_claim_call, pool);
	FIELD(tg_claim_call, result);
	FIELD(tg_claim_call, slot);
	FIELD(tg_claim_call, generation);
	FIELD(tg_claim_call, padding);
	STRUCT(tg_client_call);
	FIELD(tg_client_call, slot);
	FIELD(tg_client_call, generation);
	FIELD(tg_client_call, result);
	FIELD(tg_client_call, server);
	FIELD(tg_client_call, server_generation);
	FIELD(tg_client_call, first);
	FIELD(tg_client_call, remote);
	FIELD(tg_client_call, profile);
	FIELD(tg_client_call, state);
	FIELD(tg_client_call, flags);
	FIELD(tg_client_call, block);
	FIELD(tg_client_call, padding2);
	STRUCT(tg_server_call);
	FIELD(tg_server_call, slot);
	FIELD(tg_server_call, generation);
	FIELD(tg_server_call, result);
	FIELD(tg_server_call, client);
	FIELD(tg_server_call, client_generation);
	FIELD(tg_server_call, state);
	FIELD(tg_server_call, profile);
}

EXPORT void tigger_enums(report_t report)
{
	VALUE(tg_limit, TG_CLIENTS);
	VALUE(tg_limit, TG_SERVERS);
	VALUE(tg_limit, TG_POOLS);
	VALUE(tg_limit, TG_BLOCK);
	VALUE(tg_limit, TG_NONE);
	VALUE(tg_limit, TG_BUCKETS);
	VALUE(tg_client_state, TG_CLIENT_FREE);
	VALUE(tg_client_state, TG_CLIENT_USER);
	VALUE(tg_client_state, TG_CLIENT_IDLE);
	VALUE(tg_client_state, TG_CLIENT_WAITING);
	VALUE(tg_client_state, TG_CLIENT_USER_WAITING);
	VALUE(tg_client_state, TG_CLIENT_LINKED);
	VALUE(tg_server_state, TG_SERVER_FREE);
	VALUE(tg_server_state, TG_SERVER_USER);
	VALUE(tg_server_state, TG_SERVER_IDLE);
	VALUE(tg_server_state, TG_SERVER_LINKED);
	VALUE(tg_server_state, TG_SERVER_PARKED);
	VALUE(tg_client_flag, TG_UNCLEAN);
	VALUE(tg_client_flag, TG_UNCONFIRMED);
	VALUE(tg_client_flag, TG_BY_TCP);
	VALUE(tg_client_flag, TG_TO_SEND);
	VALUE(tg_client_flag, TG_PRESENT);
	VALUE(tg_client_flag, TG_GONE);
	VALUE(tg_client_flag, TG_CLAIMED);
	VALUE(tg_client_flag, TG_SIDE);
	VALUE(tg_client_flag, TG_REMOTE);
	VALUE(tg_client_flag, TG_SENT);
	VALUE(tg_client_flag, TG_CUT);
	VALUE(tg_server_flag, TG_SERVER_PRESENT);
	VALUE(tg_server_flag, TG_SERVER_GONE);
	VALUE(tg_server_flag, TG_RECALL);
	VALUE(tg_server_flag, TG_FINISHING);
	VALUE(tg_server_flag, TG_SERVER_SIDE);
	VALUE(tg_pool_flag, TG_PAUSED);
	VALUE(tg_pool_flag, TG_SESSION);
	VALUE(tg_pool_flag, TG_CAN_GROW);
	VALUE(tg_pool_flag, TG_TO_USER);
	VALUE(tg_pool_flag, TG_NAMED_TO_USER);
	VALUE(tg_pool_flag, TG_NO_SIMPLE);
	VALUE(tg_pool_flag, TG_ROUND_ROBIN);
	VALUE(tg_counter, TG_COUNT_CLIENT_ENTERED);
	VALUE(tg_counter, TG_COUNT_SERVER_ENTERED);
	VALUE(tg_counter, TG_COUNT_ENTER_FAILED);
	VALUE(tg_counter, TG_COUNT_NO_SLOT);
	VALUE(tg_counter, TG_COUNT_REQUEST);
	VALUE(tg_counter, TG_COUNT_REPLY);
	VALUE(tg_counter, TG_COUNT_LINK);
	VALUE(tg_counter, TG_COUNT_RELEASE);
	VALUE(tg_counter, TG_COUNT_WAIT);
	VALUE(tg_counter, TG_COUNT_GRANT);
	VALUE(tg_counter, TG_COUNT_PARK);
	VALUE(tg_counter, TG_COUNT_HANDED_ON);
	VALUE(tg_counter, TG_COUNT_ESCAPE_TERMINATE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_MESSAGE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_NAMED);
	VALUE(tg_counter, TG_COUNT_ESCAPE_SPLIT);
	VALUE(tg_counter, TG_COUNT_ESCAPE_INCOMPLETE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_TOO_LONG);
	VALUE(tg_counter, TG_COUNT_ESCAPE_NO_BLOCK);
	VALUE(tg_counter, TG_COUNT_ESCAPE_UNCLEAN);
	VALUE(tg_counter, TG_COUNT_ESCAPE_PIPELINED);
	VALUE(tg_counter, TG_COUNT_ESCAPE_PROFILE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_STALE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_NO_SERVER);
	VALUE(tg_counter, TG_COUNT_ESCAPE_GONE);
	VALUE(tg_counter, TG_COUNT_ESCAPE_BUDGET_REQUEST);
	VALUE(tg_counter, TG_COUNT_ESCAPE_BUDGET_REPLY);
	VALUE(tg_counter, TG_COUNT_ESCAPE_REPLY);
	VALUE(tg_counter, TG_COUNT_ESCAPE_SLOW);
	VALUE(tg_counter, TG_COUNT_REMOTE_REQUEST);
	VALUE(tg_counter, TG_COUNT_CUT_SHORT);
	VALUE(tg_counter, TG_COUNT_SIDE_REQUEST);
	VALUE(tg_counter, TG_COUNT_SIDE_REPLY);
	VALUE(tg_counter, TG_COUNT_SIDE_DOWN);
	VALUE(tg_counter, TG_COUNT_SIDE_REFUSED);
	VALUE(tg_counter, TG_COUNT_UNASKED);
	VALUE(tg_counter, TG_COUNT_RESUMED_SEND);
	VALUE(tg_counter, TG_COUNT_NO_MEMORY);
	VALUE(tg_counter, TG_COUNT_FRAME_FAILED);
	VALUE(tg_counter, TG_COUNT_EVENT_LOST);
	VALUE(tg_counter, TG_COUNTERS);
	VALUE(tg_event_kind, TG_EVENT_PARKED);
	VALUE(tg_event_kind, TG_EVENT_WAITING);
	VALUE(tg_event_kind, TG_EVENT_TAKEN);
	VALUE(tg_event_kind, TG_EVENT_TO_SEND);
	VALUE(tg_result, TG_DONE);
	VALUE(tg_result, TG_STALE);
	VALUE(tg_result, TG_RETRY);
	VALUE(tg_result, TG_MISSING);
	VALUE(tg_result, TG_DIRTY);
	VALUE(tg_result, TG_QUEUED);
	VALUE(tg_result, TG_IDLE);
	VALUE(tg_result, TG_GRANTED);
	VALUE(tg_result, TG_GRANTED_USER);
}
