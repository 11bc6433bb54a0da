package resolvers

import (
	"context"
	"faellesskab/graph"
	"faellesskab/graph/model"
	"faellesskab/internal/group"
	"faellesskab/internal/poll"
)

func (r *mutationResolver) OpenPoll(ctx context.Context, input poll.OpenInput) (*model.OpenPollPayload, error) {
	v, err := r.Polls.Open(ctx, input)
	if err != nil {
		return nil, err
	}
	return &model.OpenPollPayload{Poll: v}, nil
}

func (r *pollResolver) Group(ctx context.Context, obj *poll.Poll) (*group.Group, error) {
	return maybe[*group.Group](ctx, obj.GroupID)
}

func (r *queryResolver) Poll(ctx context.Context, id string) (*poll.Poll, error) {
	return r.Polls.Get(ctx, id)
}

func (r *Resolver) Poll() graph.PollResolver { return &pollResolver{r} }

type pollResolver struct{ *Resolver }
