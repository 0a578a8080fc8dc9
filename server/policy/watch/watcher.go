package watch

import (
	"errors"
	"io/fs"
	"os"

	"github.com/fsnotify/fsnotify"
)

// watcher hears of changes in one folder. It is an aid: whatever it misses is
// found by looking. The zero watcher hears nothing.
type watcher struct {
	notify *fsnotify.Watcher
	folder fs.FileInfo // the folder that is watched, links followed
}

func (w *watcher) events() <-chan fsnotify.Event {
	if w.notify == nil {
		return nil
	}
	return w.notify.Events
}

func (w *watcher) errors() <-chan error {
	if w.notify == nil {
		return nil
	}
	return w.notify.Errors
}

// follow watches what the folder's path leads to now: it may have been made
// anew, or be a link that was turned.
func (w *watcher) follow(dir string) error {
	folder, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if w.notify == nil {
		if w.notify, err = fsnotify.NewWatcher(); err != nil {
			w.notify = nil
			return err
		}
	}
	if len(w.notify.WatchList()) > 0 && os.SameFile(folder, w.folder) {
		return nil
	}
	_ = w.notify.Remove(dir) // of the folder that was there before, if any
	if err := w.notify.Add(dir); err != nil {
		return err
	}
	w.folder = folder
	return nil
}

func (w *watcher) close() {
	if w.notify != nil {
		_ = w.notify.Close()
	}
}

// listen follows the folder and reports when there are no events to hear. A
// folder that cannot be read is left to the look to report.
func (f *Folder) listen(w *watcher) {
	err := w.follow(f.dir)
	switch {
	case err == nil:
		f.deaf = ""
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
	case f.deaf != err.Error():
		f.deaf = err.Error()
		f.log.Warn("the system does not tell of changes in the folder of policies; it is looked at once a second instead", "error", err)
	}
}
