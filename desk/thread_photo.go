package desk

import "context"

// AddStepPhotos keeps photos with a step of the checklist of a task that is under way, whatever its answer will be.
func (d *Desk) AddStepPhotos(ctx context.Context, a Actor, id int64, at int, photos []Upload) error {
	return d.onStep(ctx, a, id, at, func(ctx context.Context, s *taskStep, c Checklist) error {
		return s.attach(ctx, PhotoLabel(c.Steps[at].Number), photos)
	})
}
