// Command kdaemon-client-test uses an API server as operators do, through client-go: informers, typed reads and
// writes, patches, watches, a leader election. It prints a line per step that went well and ends with the first that
// did not.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
	"k8s.io/client-go/tools/pager"
	"k8s.io/client-go/util/retry"
)

const namespace = "go-client"

type client struct {
	context.Context
	config *rest.Config
	*kubernetes.Clientset
	informers informers.SharedInformerFactory
	seen      chan string
}

func main() {
	kubeconfig := flag.String("kubeconfig", "", "the kubeconfig to use")
	contentType := flag.String("content-type", "application/json", "what bodies are written as")
	flag.Parse()
	if err := run(*kubeconfig, *contentType); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(kubeconfig, contentType string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.ContentType = contentType
	config.QPS = -1
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	set, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	c := &client{ctx, config, set, informers.NewSharedInformerFactory(set, 0), make(chan string, 1000)}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"discovery finds DaemonSets", c.discovers},
		{"a namespace gets its ServiceAccount", c.makesNamespace},
		{"an informer syncs and sees pods come", c.informs},
		{"a typed update conflicts, and succeeds when it is retried", c.updates},
		{"a strategic merge patch keeps the other container", c.patches},
		{"a status is written by itself", c.writesStatus},
		{"the DaemonSet rolls out", c.rollsOut},
		{"a list comes in pages", c.pages},
		{"metadata alone can be listed", c.listsMetadata},
		{"unstructured objects go the same way", c.usesDynamic},
		{"errors are what client-go takes them for", c.failsWell},
		{"one of two candidates leads, then the other", c.elects},
		{"a collection is deleted, and the informer sees pods go", c.deletes},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		fmt.Println("ok", step.name)
	}
	return nil
}

func (c *client) discovers() error {
	_, lists, err := c.Discovery().ServerGroupsAndResources()
	if err != nil {
		return err
	}
	for _, list := range lists {
		for _, resource := range list.APIResources {
			if list.GroupVersion == "apps/v1" && resource.Name == "daemonsets" && resource.Kind == "DaemonSet" {
				return nil
			}
		}
	}
	return errors.New("no daemonsets in apps/v1")
}

func (c *client) eventually(condition func() (bool, error)) error {
	return wait.PollUntilContextTimeout(c, 50*time.Millisecond, 15*time.Second, true, func(context.Context) (bool, error) {
		return condition()
	})
}

func (c *client) makesNamespace() error {
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	if _, err := c.CoreV1().Namespaces().Create(c, object, metav1.CreateOptions{}); err != nil {
		return err
	}
	return c.eventually(func() (bool, error) {
		_, err := c.CoreV1().ServiceAccounts(namespace).Get(c, "default", metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return false, nil
		}
		return err == nil, err
	})
}

func daemonSet() *appsv1.DaemonSet {
	labels := map[string]string{"app": "go"}
	containers := []corev1.Container{{Name: "one", Image: "img:1"}, {Name: "two", Image: "img:1"}}
	return &appsv1.DaemonSet{
		ObjectMeta: metav1.ObjectMeta{Name: "go", Labels: labels},
		Spec: appsv1.DaemonSetSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: containers},
			},
		},
	}
}

// nodes counts those without taints: the DaemonSet tolerates none.
func (c *client) nodes() (int, error) {
	nodes, err := c.CoreV1().Nodes().List(c, metav1.ListOptions{})
	if err != nil {
		return 0, err
	}
	free := 0
	for _, node := range nodes.Items {
		if len(node.Spec.Taints) == 0 {
			free++
		}
	}
	return free, nil
}

func (c *client) informs() error {
	pods := c.informers.Core().V1().Pods()
	pods.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(object any) {
			if object.(*corev1.Pod).Namespace == namespace {
				c.seen <- "add"
			}
		},
		DeleteFunc: func(any) { c.seen <- "delete" },
	})
	c.informers.Start(c.Done())
	for kind, synced := range c.informers.WaitForCacheSync(c.Done()) {
		if !synced {
			return fmt.Errorf("%v did not sync", kind)
		}
	}
	if _, err := c.AppsV1().DaemonSets(namespace).Create(c, daemonSet(), metav1.CreateOptions{}); err != nil {
		return err
	}
	want, err := c.nodes()
	if err != nil {
		return err
	}
	return c.count("add", want)
}

func (c *client) count(event string, want int) error {
	for range want {
		select {
		case got := <-c.seen:
			if got != event {
				return fmt.Errorf("saw %s, expected %s", got, event)
			}
		case <-c.Done():
			return fmt.Errorf("waiting for %d times %s: %w", want, event, c.Err())
		case <-time.After(15 * time.Second):
			return fmt.Errorf("%s did not come %d times", event, want)
		}
	}
	return nil
}

func (c *client) updates() error {
	sets := c.AppsV1().DaemonSets(namespace)
	old, err := sets.Get(c, "go", metav1.GetOptions{})
	if err != nil {
		return err
	}
	next := old.DeepCopy()
	next.Spec.MinReadySeconds = 1
	if _, err := sets.Update(c, next, metav1.UpdateOptions{FieldManager: "go"}); err != nil {
		// The controller may have been faster.
		if !apierrors.IsConflict(err) {
			return err
		}
	}
	if _, err := sets.Update(c, old, metav1.UpdateOptions{}); !apierrors.IsConflict(err) {
		return fmt.Errorf("an update of an old state: %v", err)
	}
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		now, err := sets.Get(c, "go", metav1.GetOptions{})
		if err != nil {
			return err
		}
		now.Spec.MinReadySeconds = 0
		_, err = sets.Update(c, now, metav1.UpdateOptions{})
		return err
	})
}

func (c *client) patches() error {
	patch := []byte(`{"spec":{"template":{"spec":{"containers":[{"name":"two","image":"img:2"}]}}}}`)
	set, err := c.AppsV1().DaemonSets(namespace).Patch(c, "go", types.StrategicMergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return err
	}
	images := map[string]string{}
	for _, container := range set.Spec.Template.Spec.Containers {
		images[container.Name] = container.Image
	}
	if images["one"] != "img:1" || images["two"] != "img:2" {
		return fmt.Errorf("images are %v", images)
	}
	return nil
}

func (c *client) writesStatus() error {
	sets := c.AppsV1().DaemonSets(namespace)
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		set, err := sets.Get(c, "go", metav1.GetOptions{})
		if err != nil {
			return err
		}
		set.Status.Conditions = []appsv1.DaemonSetCondition{{
			Type: "Tested", Status: corev1.ConditionTrue, Reason: "Test", LastTransitionTime: metav1.Now(),
		}}
		set.Spec.MinReadySeconds = 99
		set, err = sets.UpdateStatus(c, set, metav1.UpdateOptions{})
		if err != nil {
			return err
		}
		if len(set.Status.Conditions) != 1 || set.Spec.MinReadySeconds != 0 {
			return fmt.Errorf("status %v, minReadySeconds %d", set.Status.Conditions, set.Spec.MinReadySeconds)
		}
		return nil
	})
}

func (c *client) rollsOut() error {
	want, err := c.nodes()
	if err != nil {
		return err
	}
	err = c.eventually(func() (bool, error) {
		set, err := c.AppsV1().DaemonSets(namespace).Get(c, "go", metav1.GetOptions{})
		if err != nil {
			return false, err
		}
		status := set.Status
		return status.ObservedGeneration == set.Generation && int(status.UpdatedNumberScheduled) == want &&
			int(status.NumberAvailable) == want && len(status.Conditions) == 1, nil
	})
	if err != nil {
		return err
	}
	// All pods were replaced one after another.
	for range want {
		if err := c.replaced(); err != nil {
			return err
		}
	}
	return nil
}

// replaced waits for one pod to go and one to come.
func (c *client) replaced() error {
	saw := map[string]bool{}
	for range 2 {
		select {
		case event := <-c.seen:
			saw[event] = true
		case <-time.After(15 * time.Second):
			return errors.New("the informer saw no replacement")
		}
	}
	if !saw["add"] || !saw["delete"] {
		return fmt.Errorf("saw %v", saw)
	}
	return nil
}

func (c *client) pages() error {
	sum := 0
	list := pager.New(pager.SimplePageFunc(func(options metav1.ListOptions) (runtime.Object, error) {
		return c.CoreV1().Pods(namespace).List(c, options)
	}))
	list.PageSize = 1
	if err := list.EachListItem(c, metav1.ListOptions{}, func(runtime.Object) error { sum++; return nil }); err != nil {
		return err
	}
	want, err := c.nodes()
	if err != nil {
		return err
	}
	if sum != want {
		return fmt.Errorf("%d pods in pages, %d nodes", sum, want)
	}
	return nil
}

func (c *client) listsMetadata() error {
	config := metadata.ConfigFor(c.config)
	config.ContentType = ""
	config.AcceptContentTypes = "application/json"
	set, err := metadata.NewForConfig(config)
	if err != nil {
		return err
	}
	pods, err := set.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(namespace).
		List(c, metav1.ListOptions{})
	if err != nil {
		return err
	}
	want, err := c.nodes()
	if err != nil {
		return err
	}
	if len(pods.Items) != want || pods.Items[0].Labels["app"] != "go" {
		return fmt.Errorf("%d items", len(pods.Items))
	}
	return nil
}

func (c *client) usesDynamic() error {
	set, err := dynamic.NewForConfig(c.config)
	if err != nil {
		return err
	}
	sets := set.Resource(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}).Namespace(namespace)
	before, err := sets.List(c, metav1.ListOptions{LabelSelector: "app=go"})
	if err != nil || len(before.Items) != 1 {
		return fmt.Errorf("%d items: %v", len(before.Items), err)
	}
	status, err := sets.Get(c, "go", metav1.GetOptions{}, "status")
	if err != nil || status.GetKind() != "DaemonSet" {
		return fmt.Errorf("%v: %v", status, err)
	}
	watching, err := sets.Watch(c, metav1.ListOptions{LabelSelector: "app=go", ResourceVersion: before.GetResourceVersion()})
	if err != nil {
		return err
	}
	defer watching.Stop()
	patch, _ := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{"seen": "yes"}}})
	if _, err := sets.Patch(c, "go", types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		return err
	}
	select {
	case event := <-watching.ResultChan():
		if event.Type != "MODIFIED" {
			return fmt.Errorf("event %v", event)
		}
	case <-time.After(10 * time.Second):
		return errors.New("no event")
	}
	return nil
}

func (c *client) failsWell() error {
	if _, err := c.AppsV1().DaemonSets(namespace).Get(c, "nobody", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
		return fmt.Errorf("not found: %v", err)
	}
	if _, err := c.AppsV1().DaemonSets(namespace).Create(c, daemonSet(), metav1.CreateOptions{}); !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("already exists: %v", err)
	}
	wrong := daemonSet()
	wrong.Name = "wrong"
	wrong.Spec.Template.Labels = nil
	if _, err := c.AppsV1().DaemonSets(namespace).Create(c, wrong, metav1.CreateOptions{}); !apierrors.IsInvalid(err) {
		return fmt.Errorf("invalid: %v", err)
	}
	_, err := c.CoreV1().Pods("").List(c, metav1.ListOptions{ResourceVersion: "999999999"})
	if !apierrors.IsTimeout(err) || !apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge) {
		return fmt.Errorf("too large: %v", err)
	}
	return nil
}

func (c *client) elects() error {
	led := make(chan string, 2)
	candidate := func(ctx context.Context, name string) error {
		lock, err := resourcelock.New(resourcelock.LeasesResourceLock, namespace, "leader",
			c.CoreV1(), c.CoordinationV1(), resourcelock.ResourceLockConfig{Identity: name})
		if err != nil {
			return err
		}
		elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
			Lock: lock, LeaseDuration: 2 * time.Second, RenewDeadline: time.Second, RetryPeriod: 200 * time.Millisecond,
			ReleaseOnCancel: true,
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: func(context.Context) { led <- name },
				OnStoppedLeading: func() {},
			},
		})
		if err != nil {
			return err
		}
		go elector.Run(ctx)
		return nil
	}
	first, resign := context.WithCancel(c)
	if err := candidate(first, "first"); err != nil {
		resign()
		return err
	}
	if leader := <-led; leader != "first" {
		resign()
		return fmt.Errorf("%s leads", leader)
	}
	second, stop := context.WithCancel(c)
	defer stop()
	if err := candidate(second, "second"); err != nil {
		resign()
		return err
	}
	select {
	case <-led:
		resign()
		return errors.New("two lead")
	case <-time.After(500 * time.Millisecond):
	}
	resign()
	select {
	case leader := <-led:
		if leader != "second" {
			return fmt.Errorf("%s leads", leader)
		}
	case <-time.After(10 * time.Second):
		return errors.New("nobody took over")
	}
	return nil
}

func (c *client) deletes() error {
	want, err := c.nodes()
	if err != nil {
		return err
	}
	second := int64(1)
	sets := c.AppsV1().DaemonSets(namespace)
	err = sets.DeleteCollection(c, metav1.DeleteOptions{GracePeriodSeconds: &second}, metav1.ListOptions{LabelSelector: "app=go"})
	if err != nil {
		return err
	}
	left, err := sets.List(c, metav1.ListOptions{LabelSelector: "app=go"})
	if err != nil || len(left.Items) != 0 {
		return fmt.Errorf("%d left: %v", len(left.Items), err)
	}
	return c.count("delete", want)
}
